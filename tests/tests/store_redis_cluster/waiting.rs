//! Duplicates that wait are told within the record's slot.

use std::sync::Arc;
use std::time::Duration;

use idempotent_runtime::Answer;
use idempotent_runtime::outcome::ClaimOutcome;
use idempotent_runtime::store::Store;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::cluster::{call, claim, connect, prefix, primaries, shared};

/// How many shard channels of this prefix are subscribed to.
async fn channels(prefix: &str) -> usize {
    let mut count = 0;
    for primary in primaries(shared()).await {
        let command = format!("PUBSUB SHARDCHANNELS {prefix}*");
        count += call::<Vec<String>>(&primary, &command).await.len();
    }
    count
}

async fn until_channels(prefix: &str, count: usize) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while channels(prefix).await != count {
        assert!(Instant::now() < deadline, "there are not {count} channels");
        sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_processes_are_told_at_once_wherever_the_record_is() {
    let prefix = prefix();
    let here = Arc::new(connect(shared()).await.prefix(&prefix).unwrap());
    let there = connect(shared()).await.prefix(&prefix).unwrap();
    let mut attempts = Vec::new();
    let mut waiters = JoinSet::new();
    for _ in 0..20 {
        let mut claim = claim();
        claim.notify = true;
        let ClaimOutcome::Claimed(claimed) = there.claim(&claim).await.unwrap() else {
            panic!("a fresh record is claimed");
        };
        for _ in 0..5 {
            let (store, id) = (Arc::clone(&here), claim.id);
            waiters.spawn(async move { store.wait(&id, Duration::from_secs(30)).await });
        }
        attempts.push((claim, claimed.fence));
    }
    until_channels(&prefix, 20).await;
    // By now each record is looked at at most twice a second.
    sleep(Duration::from_millis(1_200)).await;

    let started = Instant::now();
    let answer = Answer::from_bytes(b"\x02ok".to_vec());
    for (claim, fence) in &attempts {
        there
            .complete(&claim.id, &claim.token, *fence, &answer, claim.ttl)
            .await
            .unwrap();
    }
    while let Some(waited) = waiters.join_next().await {
        waited.unwrap().unwrap();
    }
    let took = started.elapsed();
    println!("100 waiters on 20 records were told within {took:?}");
    assert!(took < Duration::from_millis(500), "{took:?}");
    until_channels(&prefix, 0).await;
}
