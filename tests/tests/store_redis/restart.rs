//! `kill -9` under load. With `appendfsync always`, which these servers have,
//! nothing that was acknowledged is lost.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Completion};
use idempotent_runtime::record::RecordId;
use idempotent_runtime::store::{Store, StoreError};
use idempotent_runtime::{Answer, Fence, RedisStore, Token};
use tokio::time::{Instant, sleep};
use xtask::servers::Server;

use crate::server::{Private, claim, claim_of};

/// What was acknowledged of a record.
#[derive(Clone, Copy)]
enum Acknowledged {
    Claimed(Token, Fence),
    Completed,
}

type Ledger = Arc<Mutex<HashMap<RecordId, Acknowledged>>>;

fn answer(id: &RecordId) -> Answer {
    Answer::from_bytes([&[2], &id.as_bytes()[..]].concat())
}

/// Claims and completes fresh records until told to end; how often it got no
/// answer.
async fn work(store: Arc<RedisStore>, ledger: Ledger, over: Arc<AtomicBool>) -> u32 {
    let mut unanswered = 0;
    while !over.load(Relaxed) {
        let claim = claim();
        let claimed = match store.claim(&claim).await {
            Ok(ClaimOutcome::Claimed(claimed)) => claimed,
            Ok(other) => panic!("a fresh record is claimed: {other:?}"),
            Err(StoreError::Unavailable { .. }) => {
                unanswered += 1;
                sleep(Duration::from_millis(5)).await;
                continue;
            }
            Err(error) => panic!("another error: {error:?}"),
        };
        let acknowledged = Acknowledged::Claimed(claim.token, claimed.fence);
        ledger.lock().unwrap().insert(claim.id, acknowledged);
        let answer = answer(&claim.id);
        match store
            .complete(&claim.id, &claim.token, claimed.fence, &answer, claim.ttl)
            .await
        {
            Ok(Completion::Stored) => {
                ledger
                    .lock()
                    .unwrap()
                    .insert(claim.id, Acknowledged::Completed);
            }
            Ok(lost) => panic!("nobody else has this record: {lost:?}"),
            Err(StoreError::Unavailable { .. }) => unanswered += 1,
            Err(error) => panic!("another error: {error:?}"),
        }
    }
    unanswered
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_in_a_crash() {
    let mut server = Private::start().await;
    let store = Arc::new(server.store().await);
    let (ledger, over) = (Ledger::default(), Arc::new(AtomicBool::new(false)));
    let workers: Vec<_> = (0..16)
        .map(|_| {
            tokio::spawn(work(
                Arc::clone(&store),
                Arc::clone(&ledger),
                Arc::clone(&over),
            ))
        })
        .collect();
    for _ in 0..3 {
        sleep(Duration::from_millis(400)).await;
        tokio::task::block_in_place(|| {
            server.redis.process().kill().unwrap();
            std::thread::sleep(Duration::from_millis(100));
            server.redis.process().restart().unwrap();
        });
    }
    // By itself, the store serves again.
    let deadline = Instant::now() + Duration::from_secs(10);
    while store.claim(&claim()).await.is_err() {
        assert!(Instant::now() < deadline, "the store did not come back");
        sleep(Duration::from_millis(20)).await;
    }
    over.store(true, Relaxed);
    let mut unanswered = 0;
    for worker in workers {
        unanswered += worker.await.unwrap();
    }

    let ledger = ledger.lock().unwrap().clone();
    let (mut running, mut done) = (0, 0);
    for (id, acknowledged) in &ledger {
        let found = store.claim(&claim_of(*id)).await.unwrap();
        match (acknowledged, found) {
            (_, ClaimOutcome::Done(found)) => {
                assert_eq!(found.answer, answer(id));
                done += 1;
            }
            (Acknowledged::Claimed(token, fence), ClaimOutcome::Running(_)) => {
                let answer = answer(id);
                let completed = store.complete(id, token, *fence, &answer, claim().ttl);
                assert_eq!(completed.await.unwrap(), Completion::Stored);
                running += 1;
            }
            (_, found) => panic!("an acknowledged record is lost: {found:?}"),
        }
    }
    println!("3 crashes: {done} answers and {running} claims kept, {unanswered} unanswered");
    assert!(done > 0 && unanswered > 0);
}
