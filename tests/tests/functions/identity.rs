//! Key, scope and fingerprint of a function are expressions over its arguments.

use std::collections::HashMap;
use std::sync::Arc;

use idempotent_runtime::{Idempotency, Scope, ToScope, idempotent};
use serde::Serialize;
use tests::{Refusal, World, seconds};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::world;

#[idempotent(store = world.idempotency, key = key)]
async fn plain(world: Arc<World>, key: u64, amount: u64) -> Result<u64, Refusal> {
    Ok(world.work.effect().await * 100 + amount)
}

#[idempotent(store = world.idempotency, key = key, fingerprint = (amount, tags))]
async fn compared(
    world: &World,
    key: &str,
    amount: u64,
    tags: HashMap<String, f64>,
) -> Result<u64, Refusal> {
    Ok(world.work.effect().await * 100 + amount + tags.len() as u64)
}

struct Tenant(&'static str);

impl ToScope for Tenant {
    fn write(&self, parts: &mut idempotent_runtime::ScopeParts) {
        self.0.write(parts);
    }
}

#[idempotent(store = world.idempotency, key = "nightly", scope = (tenant, day))]
async fn scoped(world: &World, tenant: Tenant, day: u32) -> Result<u64, Refusal> {
    Ok(world.work.effect().await)
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_of_a_key_have_one_effect() {
    let world = world();
    world.work.takes(seconds(1));
    let calls = (0..50).map(|_| plain(Arc::clone(&world), 7, 5));
    let outputs = calls.into_iter().collect::<JoinSet<_>>().join_all().await;
    let in_flight = Err(Refusal::runtime("in-flight"));
    assert_eq!(
        outputs.iter().filter(|output| **output == Ok(105)).count(),
        1
    );
    assert_eq!(
        outputs
            .iter()
            .filter(|output| **output == in_flight)
            .count(),
        49
    );
}

#[tokio::test]
async fn without_a_fingerprint_the_arguments_are_not_compared() {
    let world = world();
    assert_eq!(plain(Arc::clone(&world), 7, 5).await, Ok(105));
    assert_eq!(plain(Arc::clone(&world), 7, 6).await, Ok(105));
    assert_eq!(plain(Arc::clone(&world), 8, 6).await, Ok(206));
}

#[tokio::test]
async fn with_one_another_value_is_refused_and_the_order_of_a_map_is_none() {
    let world = world();
    let tags = |reverse: bool| {
        let mut pairs: Vec<_> = (0_u8..20).map(|n| (n.to_string(), f64::from(n))).collect();
        if reverse {
            pairs.reverse();
        }
        pairs.into_iter().collect::<HashMap<_, _>>()
    };
    let first = compared(&world, "k", 5, tags(false)).await;
    assert_eq!(compared(&world, "k", 5, tags(true)).await, first);
    let reused = Err(Refusal::runtime("key-reused"));
    assert_eq!(compared(&world, "k", 6, tags(false)).await, reused);
    assert_eq!(compared(&world, "k", 5, HashMap::new()).await, reused);
    assert_eq!(world.work.started(), 1);
}

#[tokio::test]
async fn a_fingerprint_that_does_not_serialize_runs_nothing() {
    #[derive(Serialize)]
    struct Odd(HashMap<(u8, u8), u8>);
    #[idempotent(store = store, key = "k", fingerprint = odd)]
    async fn odd(store: &Idempotency, odd: Odd) -> Result<u64, Refusal> {
        panic!("it runs with {} entries", odd.0.len())
    }
    let odd = odd(&world().idempotency, Odd(HashMap::from([((1, 2), 3)]))).await;
    assert_eq!(odd, Err(Refusal::runtime("fingerprint-failed")));
}

#[tokio::test]
async fn scopes_are_independent_and_an_empty_one_runs_nothing() {
    let world = world();
    assert_eq!(scoped(&world, Tenant("acme"), 1).await, Ok(1));
    assert_eq!(scoped(&world, Tenant("acme"), 2).await, Ok(2));
    assert_eq!(scoped(&world, Tenant("umbrella"), 1).await, Ok(3));
    assert_eq!(scoped(&world, Tenant("acme"), 1).await, Ok(1));
    let nobody = scoped(&world, Tenant(""), 1).await;
    assert_eq!(nobody, Err(Refusal::runtime("scope-empty")));
    assert_eq!(world.work.started(), 3);
}

#[tokio::test]
async fn a_scope_has_one_text_form_by_which_a_record_is_found() {
    #[idempotent(store = world.idempotency, key = key, scope = (tenant, 5), name = "jobs.of")]
    async fn job(world: &World, tenant: &str, key: &str) -> Result<u64, Refusal> {
        Ok(world.work.effect().await)
    }
    let world = world();
    job(&world, "acme/eu", "k").await.unwrap();
    let scope = Scope::of(&("acme/eu", 5)).unwrap();
    let key = idempotent_runtime::Key::new("k").unwrap();
    let id = world.idempotency.record_id("jobs.of", &scope, &key);
    assert!(world.idempotency.inspect(&id).await.unwrap().is_some());
}

#[tokio::test]
async fn a_secret_makes_ids_that_nobody_else_can_make() {
    let secret = World::of_functions_tuned(|builder| builder.secret([7; 32]));
    let (scope, key) = (Scope::public(), idempotent_runtime::Key::new("k").unwrap());
    let id = |world: &World| world.idempotency.record_id("jobs.of", &scope, &key);
    assert_ne!(id(&secret), id(&World::of_functions()));
    assert_eq!(
        id(&secret),
        id(&World::of_functions_tuned(|b| b.secret([7; 32])))
    );
}

#[tokio::test]
async fn a_key_that_is_none_runs_nothing() {
    let world = world();
    let long = "k".repeat(256);
    for key in ["", "a\nb", &long] {
        let refused = compared(&world, key, 5, HashMap::new()).await;
        assert_eq!(refused, Err(Refusal::runtime("key-malformed")));
    }
    assert_eq!(world.work.started(), 0);
}

#[tokio::test]
async fn a_key_older_than_a_record_could_live_runs_nothing() {
    #[idempotent(store = world.idempotency, key = key, max_key_age = "7d")]
    async fn fresh(world: &World, key: &str) -> Result<u64, Refusal> {
        Ok(world.work.effect().await)
    }
    let world = world();
    let old = fresh(&world, "0192d2f4-5678-7abc-8def-0123456789ab").await;
    assert_eq!(old, Err(Refusal::runtime("key-too-old")));
    assert_eq!(fresh(&world, "order-1001").await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn a_functions_own_ttl_and_lease_hold() {
    #[idempotent(store = world.idempotency, key = "k", ttl = "1m", lease = "3s")]
    async fn short(world: Arc<World>) -> Result<u64, Refusal> {
        Ok(world.work.effect().await)
    }
    let world = world();
    world.work.takes(seconds(2));
    assert_eq!(short(Arc::clone(&world)).await, Ok(1));
    assert_eq!(world.store.count(tests::Verb::Extend), 1);
    sleep(seconds(59)).await;
    assert_eq!(short(Arc::clone(&world)).await, Ok(1));
    sleep(seconds(2)).await;
    assert_eq!(short(Arc::clone(&world)).await, Ok(2));
}
