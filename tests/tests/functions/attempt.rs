//! `Attempt::current`: what a body sees of its own run.

use idempotent_runtime::outcome::Previous;
use idempotent_runtime::{Attempt, idempotent};
use tests::{Refusal, World, seconds};
use tokio::time::sleep;

use crate::world;

#[idempotent(store = world.idempotency, key = key)]
async fn fence(world: &World, key: &str, is_final: bool) -> Result<(u64, u64), Refusal> {
    let n = world.work.effect().await;
    let attempt = Attempt::current().expect("an attempt");
    assert!(attempt.is_protected() && !attempt.is_lost());
    assert!(attempt.record_id().is_some());
    let fence = attempt.fence().get();
    if is_final {
        Ok((n, fence))
    } else {
        Err(Refusal::declined(fence.to_string()))
    }
}

#[tokio::test]
async fn outside_of_a_body_there_is_none() {
    assert!(Attempt::current().is_none());
    fence(&world(), "k", true).await.unwrap();
    assert!(Attempt::current().is_none());
}

#[tokio::test(start_paused = true)]
async fn its_fence_rises_from_attempt_to_attempt_through_release_and_expiry() {
    let world = World::of_functions_tuned(|builder| builder.ttl(seconds(60)));
    let mut fences = Vec::new();
    for _ in 0..3 {
        let Err(Refusal::Declined(fence)) = fence(&world, "k", false).await else {
            panic!("an attempt that is not final");
        };
        fences.push(fence.parse().unwrap());
    }
    for _ in 0..3 {
        fences.push(fence(&world, "k", true).await.unwrap().1);
        sleep(seconds(100)).await;
    }
    assert!(fences.is_sorted_by(|a, b| a < b), "{fences:?}");
    // As an integer that every language can count.
    assert!(fences[0] > 0 && fences[5] < 1 << 53);
}

#[tokio::test]
async fn inside_another_operation_each_body_sees_its_own() {
    #[idempotent(store = world.idempotency, key = key)]
    async fn outer(world: &World, key: &str) -> Result<(u64, u64, u64), Refusal> {
        let own = || Attempt::current().expect("an attempt").fence().get();
        let before = own();
        let (_, inner) = fence(world, key, true).await?;
        Ok((before, inner, own()))
    }
    let world = world();
    fence(&world, "k", false).await.unwrap_err();
    // A body within a body is a large future.
    let (before, inner, after) = Box::pin(outer(&world, "k")).await.unwrap();
    assert_eq!(before, after);
    assert_ne!(before, inner);
}

#[tokio::test]
async fn it_tells_what_became_of_the_one_before() {
    #[idempotent(store = world.idempotency, key = "k")]
    async fn previous(world: &World, is_final: bool) -> Result<bool, Refusal> {
        world.work.effect().await;
        let attempt = Attempt::current().expect("an attempt");
        if is_final {
            Ok(attempt.previous() == Previous::Released)
        } else {
            assert_eq!(attempt.previous(), Previous::None);
            Err(Refusal::declined("not now"))
        }
    }
    let world = world();
    previous(&world, false).await.unwrap_err();
    assert_eq!(previous(&world, true).await, Ok(true));
}
