//! A primary dies under load. Redis replicates after it has acknowledged, so
//! that some of what was acknowledged last may be lost: how much is measured,
//! and that nothing else is.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Completion};
use idempotent_runtime::record::RecordId;
use idempotent_runtime::store::{Store, StoreError};
use idempotent_runtime::{Answer, RedisClusterStore};
use tokio::time::{Instant, sleep};
use xtask::servers::Server;

use crate::cluster::{Private, claim, claim_of};

/// When a completion was acknowledged, by record.
type Ledger = Arc<Mutex<HashMap<RecordId, Instant>>>;

/// More than any replica here lags behind, on a busy machine too.
const LAG: Duration = Duration::from_secs(1);

fn answer(id: &RecordId) -> Answer {
    Answer::from_bytes([&[2], &id.as_bytes()[..]].concat())
}

/// Claims and completes fresh records until told to end; the moments at which
/// it got no answer.
async fn work(
    store: Arc<RedisClusterStore>,
    ledger: Ledger,
    over: Arc<AtomicBool>,
) -> Vec<Instant> {
    let mut unanswered = Vec::new();
    while !over.load(Relaxed) {
        let claim = claim();
        let outcome = store.claim(&claim).await;
        let completed = match outcome {
            Ok(ClaimOutcome::Claimed(claimed)) => {
                let answer = answer(&claim.id);
                store
                    .complete(&claim.id, &claim.token, claimed.fence, &answer, claim.ttl)
                    .await
            }
            Ok(other) => panic!("a fresh record is claimed: {other:?}"),
            Err(error) => Err(error),
        };
        match completed {
            Ok(Completion::Stored) => {
                ledger.lock().unwrap().insert(claim.id, Instant::now());
            }
            // The claim was acknowledged by the primary that died, and lost.
            Ok(_) | Err(StoreError::Unavailable { .. }) => {
                unanswered.push(Instant::now());
                sleep(Duration::from_millis(5)).await;
            }
            Err(error) => panic!("another error: {error:?}"),
        }
    }
    unanswered
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failover_loses_at_most_what_was_acknowledged_last() {
    let mut private = Private::start(Duration::from_secs(2)).await;
    let store = Arc::new(private.store().await);
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
    sleep(Duration::from_secs(2)).await;
    tokio::task::block_in_place(|| private.cluster.nodes()[0].process().kill().unwrap());
    let killed = Instant::now();
    sleep(Duration::from_secs(10)).await;
    // The one that died comes back as a replica, with data that is older.
    tokio::task::block_in_place(|| private.cluster.nodes()[0].process().restart().unwrap());
    sleep(Duration::from_secs(3)).await;
    over.store(true, Relaxed);
    let mut unanswered = Vec::new();
    for worker in workers {
        unanswered.extend(worker.await.unwrap());
    }

    let ledger = ledger.lock().unwrap().clone();
    let mut lost = Vec::new();
    for (id, acknowledged) in &ledger {
        match store.claim(&claim_of(*id)).await.unwrap() {
            ClaimOutcome::Done(done) => assert_eq!(done.answer, answer(id)),
            ClaimOutcome::Claimed(_) | ClaimOutcome::Running(_) => lost.push(*acknowledged),
            other => panic!("{other:?}"),
        }
    }
    let served = ledger.values().filter(|at| **at > killed).count();
    let gap = unanswered
        .iter()
        .max()
        .map(|last| last.duration_since(killed));
    println!(
        "{} answers acknowledged, {served} of them after the crash; {} lost; {} calls without \
         an answer, the last one {gap:?} after the crash",
        ledger.len(),
        lost.len(),
        unanswered.len(),
    );
    for acknowledged in &lost {
        let before = killed.saturating_duration_since(*acknowledged);
        println!("lost: acknowledged {before:?} before the crash");
        assert!(
            *acknowledged <= killed && before < LAG,
            "no replica lags so far behind"
        );
    }
    assert!(
        served > 0 && !unanswered.is_empty(),
        "the crash was under load"
    );
    assert!(
        gap.is_some_and(|gap| gap < Duration::from_secs(9)),
        "{gap:?}"
    );
}
