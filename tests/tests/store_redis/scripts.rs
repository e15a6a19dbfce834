//! The server's cache of scripts may be emptied at any moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use idempotent_runtime::Answer;
use idempotent_runtime::outcome::{ClaimOutcome, Completion, Ownership, Release};
use idempotent_runtime::store::Store;

use crate::server::{Private, claim, claim_of};

#[tokio::test(flavor = "multi_thread")]
async fn scripts_are_flushed_in_mid_flight_and_nobody_notices() {
    let server = Private::start().await;
    let (store, mut raw) = (Arc::new(server.store().await), server.raw().await);
    let over = Arc::new(AtomicBool::new(false));
    let workers: Vec<_> = (0..8)
        .map(|_| {
            let (store, over) = (Arc::clone(&store), Arc::clone(&over));
            tokio::spawn(async move {
                let answer = Answer::from_bytes(b"\x02ok".to_vec());
                let mut rounds = 0;
                while !over.load(Relaxed) {
                    let claim = claim();
                    let ClaimOutcome::Claimed(claimed) = store.claim(&claim).await.unwrap() else {
                        panic!("a fresh record is claimed");
                    };
                    let lease = [(claim.id, claim.token, claim.lease)];
                    assert_eq!(store.extend(&lease).await.unwrap(), [Ownership::Held]);
                    let completed = store
                        .complete(&claim.id, &claim.token, claimed.fence, &answer, claim.ttl)
                        .await
                        .unwrap();
                    assert_eq!(completed, Completion::Stored);
                    rounds += 1;
                }
                rounds
            })
        })
        .collect();
    for _ in 0..200 {
        let () = raw.call("SCRIPT FLUSH").await;
    }
    over.store(true, Relaxed);
    let mut rounds = 0;
    for worker in workers {
        rounds += worker.await.unwrap();
    }
    println!("{rounds} rounds through 200 flushes");
    assert!(rounds > 0);
    assert_eq!(raw.call::<u64>("DBSIZE").await, rounds);
}

#[tokio::test]
async fn a_batch_whose_script_was_flushed_is_extended_all_the_same() {
    let server = Private::start().await;
    let (store, mut raw) = (server.store().await, server.raw().await);
    let mut leases = Vec::new();
    for _ in 0..2_500 {
        let claim = claim();
        store.claim(&claim).await.unwrap();
        leases.push((claim.id, claim.token, claim.lease));
    }
    // One that is not there, in the middle.
    let lost = claim();
    leases.insert(1_200, (lost.id, lost.token, lost.lease));
    let () = raw.call("SCRIPT FLUSH").await;
    for _ in 0..2 {
        let extended = store.extend(&leases).await.unwrap();
        assert_eq!(extended.len(), 2_501);
        for (place, ownership) in extended.into_iter().enumerate() {
            let expected = if place == 1_200 {
                Ownership::Lost
            } else {
                Ownership::Held
            };
            assert_eq!(ownership, expected, "the lease {place}");
        }
    }
}

#[tokio::test]
async fn each_verb_is_one_command_and_a_replay_writes_nothing() {
    let server = Private::start().await;
    let (store, mut raw) = (server.store().await, server.raw().await);
    // All scripts are known from here on.
    store.check().await.unwrap();
    let () = raw.call("CONFIG RESETSTAT").await;

    let (finished, given_up) = (claim(), claim());
    let ClaimOutcome::Claimed(claimed) = store.claim(&finished).await.unwrap() else {
        panic!("a fresh record is claimed");
    };
    let answer = Answer::from_bytes(b"\x02ok".to_vec());
    let lease = [(finished.id, finished.token, finished.lease)];
    store.extend(&lease).await.unwrap();
    store
        .complete(
            &finished.id,
            &finished.token,
            claimed.fence,
            &answer,
            finished.ttl,
        )
        .await
        .unwrap();
    store.claim(&given_up).await.unwrap();
    store
        .release(&given_up.id, &given_up.token, Release::Retry)
        .await
        .unwrap();
    store.inspect(&finished.id).await.unwrap();
    assert_eq!(raw.calls("evalsha").await, 6);

    let written = |info: String| -> u64 {
        let line = info
            .lines()
            .find_map(|line| line.strip_prefix("rdb_changes_since_last_save:"));
        line.unwrap().parse().unwrap()
    };
    let before = written(raw.call("INFO persistence").await);
    for _ in 0..100 {
        let replay = store.claim(&claim_of(finished.id)).await.unwrap();
        assert!(matches!(replay, ClaimOutcome::Done(_)));
    }
    assert_eq!(written(raw.call("INFO persistence").await), before);
    assert_eq!(raw.calls("evalsha").await, 106);
    assert_eq!(raw.calls("eval").await, 0);
}
