//! Waiting duplicates: told over one connection, and few commands for many.

use std::sync::Arc;
use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Claimed, Release};
use idempotent_runtime::store::{Claim, Store};
use idempotent_runtime::{Answer, RedisStore};
use redis::Client;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::server::{Private, Raw, claim};

const LONG: Duration = Duration::from_secs(30);

async fn claimed(store: &RedisStore, claim: &Claim<'_>) -> Claimed {
    match store.claim(claim).await.unwrap() {
        ClaimOutcome::Claimed(claimed) => claimed,
        other => panic!("a fresh record is claimed: {other:?}"),
    }
}

async fn complete(store: &RedisStore, claim: &Claim<'_>, claimed: Claimed) {
    let answer = Answer::from_bytes(b"\x02ok".to_vec());
    store
        .complete(&claim.id, &claim.token, claimed.fence, &answer, claim.ttl)
        .await
        .unwrap();
}

/// How many channels are subscribed to.
async fn channels(raw: &mut Raw) -> usize {
    raw.call::<Vec<String>>("PUBSUB CHANNELS").await.len()
}

async fn until_channels(raw: &mut Raw, count: usize) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while channels(raw).await != count {
        assert!(Instant::now() < deadline, "there are not {count} channels");
        sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_waiters_cost_as_much_as_one() {
    let server = Private::start().await;
    let (store, mut raw) = (Arc::new(server.store().await), server.raw().await);
    let mut claim = claim();
    claim.notify = true;
    let claimed = claimed(&store, &claim).await;
    store.inspect(&claim.id).await.unwrap();
    let () = raw.call("CONFIG RESETSTAT").await;

    let mut waiters = JoinSet::new();
    for _ in 0..1_000 {
        let (store, id) = (Arc::clone(&store), claim.id);
        waiters.spawn(async move { store.wait(&id, LONG).await });
    }
    sleep(Duration::from_millis(1_500)).await;
    complete(&store, &claim, claimed).await;
    let ended = async {
        while let Some(waited) = waiters.join_next().await {
            waited.unwrap().unwrap();
        }
    };
    timeout(Duration::from_secs(10), ended)
        .await
        .expect("all are told");
    until_channels(&mut raw, 0).await;

    let (looks, subscribed) = (raw.calls("evalsha").await, raw.calls("subscribe").await);
    println!("1,000 waiters for 1.5 s: {looks} scripts, {subscribed} subscriptions");
    assert!(looks <= 20, "{looks} scripts");
    assert_eq!(subscribed, 1);
    assert_eq!(raw.calls("unsubscribe").await, 1);
    assert_eq!(raw.calls("publish").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_processes_are_told_at_once() {
    let server = Private::start().await;
    let (here, there) = (Arc::new(server.store().await), server.store().await);
    let mut raw = server.raw().await;
    let mut took = Duration::ZERO;
    for round in 0..5 {
        let mut claim = claim();
        claim.notify = true;
        let attempt = claimed(&there, &claim).await;
        let (store, id) = (Arc::clone(&here), claim.id);
        let waiter = tokio::spawn(async move { store.wait(&id, LONG).await });
        until_channels(&mut raw, 1).await;
        // By now it looks at most twice a second.
        sleep(Duration::from_millis(1_200)).await;
        let ended = Instant::now();
        match round % 3 {
            0 => complete(&there, &claim, attempt).await,
            1 => drop(
                there
                    .release(&claim.id, &claim.token, Release::Retry)
                    .await
                    .unwrap(),
            ),
            _ => drop(there.expire(&claim.id, attempt.fence).await.unwrap()),
        }
        waiter.await.unwrap().unwrap();
        took += ended.elapsed();
        until_channels(&mut raw, 0).await;
    }
    println!("5 waiters were told within {took:?} in all");
    assert!(took < Duration::from_millis(500), "{took:?}");
}

#[tokio::test]
async fn an_operation_that_does_not_wait_tells_nobody() {
    let server = Private::start().await;
    let (store, claim) = (server.store().await, claim());
    let attempt = claimed(&store, &claim).await;
    complete(&store, &claim, attempt).await;
    assert_eq!(server.raw().await.calls("publish").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_outlives_its_connection_and_its_first_waiter() {
    let server = Private::start().await;
    let (store, mut raw) = (Arc::new(server.store().await), server.raw().await);
    let mut claim = claim();
    claim.notify = true;
    let attempt = claimed(&store, &claim).await;
    let wait = || {
        let (store, id) = (Arc::clone(&store), claim.id);
        tokio::spawn(async move { store.wait(&id, LONG).await })
    };
    let first = wait();
    until_channels(&mut raw, 1).await;
    let second = wait();
    first.abort();
    assert_eq!(raw.call::<u64>("CLIENT KILL TYPE pubsub").await, 1);
    until_channels(&mut raw, 1).await;
    complete(&store, &claim, attempt).await;
    timeout(Duration::from_secs(5), second)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_listener_waiters_poll() {
    let server = Private::start().await;
    let client = Client::open(server.url()).unwrap();
    let connection = client.get_multiplexed_async_connection().await.unwrap();
    let store = Arc::new(RedisStore::new(connection));
    let mut raw = server.raw().await;
    let mut claim = claim();
    claim.notify = true;
    let attempt = claimed(&store, &claim).await;
    let (waiting, id) = (Arc::clone(&store), claim.id);
    let waiter = tokio::spawn(async move { waiting.wait(&id, LONG).await });
    sleep(Duration::from_millis(300)).await;
    complete(&store, &claim, attempt).await;
    timeout(Duration::from_secs(5), waiter)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert_eq!(raw.calls("subscribe").await, 0);
}

#[tokio::test]
async fn a_wait_without_a_server_is_an_error() {
    let mut server = Private::start().await;
    let (store, claim) = (server.store().await, claim());
    claimed(&store, &claim).await;
    xtask::servers::Server::process(&mut server.redis)
        .kill()
        .unwrap();
    let waited = timeout(Duration::from_secs(20), store.wait(&claim.id, LONG)).await;
    waited
        .expect("it does not hang")
        .expect_err("nothing is known of the record");
}
