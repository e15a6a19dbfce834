//! `persist`: which outputs of a function are final.

use idempotent_runtime::{Persist, idempotent};
use tests::{Refusal, World};

use crate::world;

type Output = Result<u64, Refusal>;

#[idempotent(store = world.idempotency, key = key, persist = all)]
async fn all(world: &World, key: &str, output: Output) -> Output {
    world.work.effect().await;
    output
}

#[idempotent(store = world.idempotency, key = key, persist = success)]
async fn success(world: &World, key: &str, output: Output) -> Output {
    world.work.effect().await;
    output
}

/// A declined card is final, a zero is not.
fn declined_or_not_zero(output: &Output) -> Persist {
    match output {
        Err(Refusal::Declined(reason)) if reason == "card" => Persist::Yes,
        Err(_) | Ok(0) => Persist::No,
        Ok(_) => Persist::Yes,
    }
}

#[idempotent(store = world.idempotency, key = key, persist = declined_or_not_zero)]
async fn by_path(world: &World, key: &str, output: Output) -> Output {
    world.work.effect().await;
    output
}

#[tokio::test]
async fn with_all_an_error_is_replayed_as_the_error_it_was() {
    let world = world();
    let declined = Err(Refusal::declined("card"));
    assert_eq!(all(&world, "err", declined.clone()).await, declined);
    assert_eq!(all(&world, "err", Ok(1)).await, declined);
    assert_eq!(all(&world, "ok", Ok(1)).await, Ok(1));
    assert_eq!(all(&world, "ok", declined).await, Ok(1));
    assert_eq!(world.work.started(), 2);
}

#[tokio::test]
async fn with_success_only_ok_is_final() {
    let world = world();
    let declined = Err(Refusal::declined("card"));
    assert_eq!(success(&world, "k", declined.clone()).await, declined);
    assert_eq!(success(&world, "k", Ok(1)).await, Ok(1));
    assert_eq!(success(&world, "k", declined).await, Ok(1));
}

#[tokio::test]
async fn a_classifier_decides_over_both() {
    let world = world();
    let card = Err(Refusal::declined("card"));
    assert_eq!(by_path(&world, "card", card.clone()).await, card);
    assert_eq!(by_path(&world, "card", Ok(1)).await, card);
    for released in [Err(Refusal::declined("network")), Ok(0)] {
        assert_eq!(by_path(&world, "k", released.clone()).await, released);
    }
    assert_eq!(by_path(&world, "k", Ok(1)).await, Ok(1));
    assert_eq!(by_path(&world, "k", card).await, Ok(1));
}

#[tokio::test]
async fn the_runtimes_own_refusals_are_never_stored() {
    let world = world();
    let refused = all(&world, "", Ok(1)).await;
    assert_eq!(refused, Err(Refusal::runtime("key-malformed")));
    assert!(world.store.memory().is_empty());
}
