//! The memory store's bounds: it refuses what it has no room for, and forgets
//! nothing before its time.

use std::sync::Arc;

use axum::Router;
use idempotent_runtime::outcome::Previous;
use idempotent_runtime::{Attempt, MemoryStore, MemoryStoreBuilder, Store, idempotent};
use tests::{Refusal, World, millis, seconds};
use tokio::time::sleep;

#[idempotent(store = world.idempotency, key = key, scope = scope)]
async fn keep(
    world: Arc<World>,
    scope: &'static str,
    key: u32,
    bytes: usize,
) -> Result<String, Refusal> {
    world.work.effect().await;
    Ok("x".repeat(bytes))
}

#[idempotent(store = world.idempotency, key = key)]
async fn previous(world: Arc<World>, key: u32, amount: u32) -> Result<String, Refusal> {
    world.work.effect().await;
    let attempt = Attempt::current().expect("an attempt");
    Ok(format!("{amount} {:?}", attempt.previous()))
}

/// A world over a bounded store, whose answers live for 100 s.
fn bounded(bound: impl FnOnce(MemoryStoreBuilder) -> MemoryStoreBuilder) -> Arc<World> {
    let memory = bound(MemoryStore::builder()).build();
    Arc::new(World::over(memory, Router::new(), |builder| {
        builder.ttl(seconds(100))
    }))
}

fn refused(code: &str) -> Result<String, Refusal> {
    Err(Refusal::runtime(code))
}

async fn fill(world: &Arc<World>, scope: &'static str, keys: std::ops::Range<u32>) {
    for key in keys {
        assert!(
            keep(Arc::clone(world), scope, key, 10).await.is_ok(),
            "{key}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn beyond_its_records_new_keys_are_refused_and_none_is_forgotten() {
    let world = bounded(|builder| builder.max_records(100).quota_per_scope(1000));
    fill(&world, "a", 0..100).await;
    assert_eq!(
        keep(Arc::clone(&world), "a", 100, 10).await,
        refused("store-full")
    );
    assert_eq!(world.store.memory().len(), 100);
    fill(&world, "a", 0..100).await;
    assert_eq!(world.work.started(), 100, "the old ones are replayed");
}

#[tokio::test(start_paused = true)]
async fn expired_records_make_room_wherever_they_are() {
    // Fewer records than shards: most claims meet a shard without any.
    for records in [1, 10, 1000] {
        let world = bounded(|builder| builder.max_records(records).quota_per_scope(2000));
        let records = u32::try_from(records).unwrap();
        for round in 0..3 {
            fill(&world, "a", round * records..(round + 1) * records).await;
            let full = keep(Arc::clone(&world), "a", 9999, 10).await;
            assert_eq!(full, refused("store-full"));
            sleep(seconds(120)).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn expired_keys_make_room_in_their_scopes_quota() {
    let world = bounded(|builder| builder.quota_per_scope(3));
    for round in 0..3 {
        fill(&world, "a", round * 3..(round + 1) * 3).await;
        let over = keep(Arc::clone(&world), "a", 99, 10).await;
        assert_eq!(over, refused("quota-exceeded"));
        fill(&world, "b", round * 3..(round + 1) * 3).await;
        sleep(seconds(120)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn by_default_a_scope_has_an_eighth_of_the_records() {
    let world = bounded(|builder| builder.max_records(80));
    fill(&world, "a", 0..10).await;
    let over = keep(Arc::clone(&world), "a", 10, 10).await;
    assert_eq!(over, refused("quota-exceeded"));
    fill(&world, "b", 0..10).await;
}

#[tokio::test(start_paused = true)]
async fn beyond_its_bytes_new_keys_are_refused_until_some_expire() {
    let world = bounded(|builder| builder.max_bytes(1000));
    for key in 0..4 {
        keep(Arc::clone(&world), "a", key, 300).await.unwrap();
    }
    // The fourth was let in, and its answer kept: what ran is not forgotten.
    assert_eq!(
        keep(Arc::clone(&world), "a", 4, 1).await,
        refused("store-full")
    );
    for key in 0..4 {
        keep(Arc::clone(&world), "a", key, 300).await.unwrap();
    }
    assert_eq!(world.work.started(), 4);
    sleep(seconds(120)).await;
    assert!(keep(Arc::clone(&world), "a", 4, 1).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn steps_count_as_bytes_until_their_record_is_done() {
    #[idempotent(store = world.idempotency, key = "stepped")]
    async fn stepped(world: Arc<World>, is_final: bool) -> Result<String, Refusal> {
        let attempt = Attempt::current().expect("an attempt");
        let large = || async { Ok::<_, Refusal>("x".repeat(1000)) };
        attempt.step("large", large).await?;
        if is_final {
            Ok(String::new())
        } else {
            Err(Refusal::declined("not now"))
        }
    }
    let world = bounded(|builder| builder.max_bytes(1000));
    for _ in 0..3 {
        stepped(Arc::clone(&world), false).await.unwrap_err();
        let full = keep(Arc::clone(&world), "a", 1, 1).await;
        assert_eq!(full, refused("store-full"));
    }
    stepped(Arc::clone(&world), true).await.unwrap();
    assert!(keep(Arc::clone(&world), "a", 1, 900).await.is_ok());
    assert!(keep(Arc::clone(&world), "a", 2, 900).await.is_ok());
    let full = keep(Arc::clone(&world), "a", 3, 1).await;
    assert_eq!(full, refused("store-full"));
}

#[tokio::test(start_paused = true)]
async fn a_released_key_holds_no_bytes_and_its_room_is_its_own() {
    let world = bounded(|builder| builder.max_records(1).quota_per_scope(2));
    assert!(previous(Arc::clone(&world), 1, 5).await.is_ok());
    assert_eq!(
        previous(Arc::clone(&world), 2, 5).await,
        refused("store-full")
    );
    assert!(previous(Arc::clone(&world), 1, 5).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_running_attempt_is_never_evicted_whatever_its_ttl() {
    let memory = MemoryStore::builder().max_records(1).build();
    let world = World::over(memory, Router::new(), |builder| builder.ttl(millis(1)));
    let world = Arc::new(world);
    world.work.takes(seconds(300));
    let running = tokio::spawn(keep(Arc::clone(&world), "a", 1, 10));
    for _ in 0..29 {
        sleep(seconds(10)).await;
        assert_eq!(
            keep(Arc::clone(&world), "b", 2, 10).await,
            refused("store-full")
        );
        assert_eq!(
            keep(Arc::clone(&world), "a", 1, 10).await,
            refused("in-flight")
        );
    }
    assert!(running.await.unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn within_its_grace_a_late_retry_is_told_from_a_first_request() {
    let world = bounded(|builder| builder);
    let first = previous(Arc::clone(&world), 1, 5).await.unwrap();
    assert_eq!(first, format!("5 {:?}", Previous::None));
    sleep(seconds(105)).await;
    let late = previous(Arc::clone(&world), 1, 6).await.unwrap();
    assert_eq!(late, "6 Expired { same_fingerprint: true, ago: 5s }");
    // Past the grace of a tenth of the ttl nothing is left of it.
    sleep(seconds(112)).await;
    assert_eq!(Store::sweep(world.store.memory(), 10).await.unwrap(), 1);
    let new = previous(Arc::clone(&world), 1, 7).await.unwrap();
    assert_eq!(new, format!("7 {:?}", Previous::None));
}

#[tokio::test(start_paused = true)]
async fn claims_keep_expired_records_from_piling_up() {
    let world = bounded(|builder| builder);
    for round in 0..20 {
        fill(&world, "a", round * 500..(round + 1) * 500).await;
        sleep(seconds(60)).await;
    }
    // 10,000 keys; those of the last 110 s live, and few others are left.
    let left = world.store.memory().len();
    assert!(left < 2_500, "{left} records");
}

#[tokio::test(start_paused = true)]
async fn a_sweep_deletes_what_is_past_its_grace_and_at_most_its_limit() {
    let world = bounded(|builder| builder);
    fill(&world, "a", 0..100).await;
    let memory = world.store.memory();
    assert_eq!(Store::sweep(memory, 1000).await.unwrap(), 0);
    sleep(seconds(115)).await;
    assert_eq!(Store::sweep(memory, 30).await.unwrap(), 30);
    assert_eq!(Store::sweep(memory, 1000).await.unwrap(), 70);
    assert!(memory.is_empty());
}
