//! Duplicates that wait: together, not for ever, and at a bounded cost.

use std::sync::Arc;

use idempotent_runtime::idempotent;
use tests::{Fault, Refusal, Verb, World, millis, seconds};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::{refused, world};

#[idempotent(store = world.idempotency, key = key, on_conflict = wait("5s"))]
async fn wait_for(world: Arc<World>, key: &'static str, is_final: bool) -> Result<u64, Refusal> {
    let n = world.work.effect().await;
    if is_final {
        Ok(n)
    } else {
        Err(Refusal::declined("not now"))
    }
}

fn wait(
    world: &Arc<World>,
    key: &'static str,
) -> impl Future<Output = Result<u64, Refusal>> + use<> {
    wait_for(Arc::clone(world), key, true)
}

#[tokio::test(start_paused = true)]
async fn a_thousand_duplicates_cost_the_store_as_much_as_one() {
    let world = world();
    world.work.takes(seconds(3));
    let calls = (0..1001).map(|_| wait(&world, "k"));
    let answers = calls.into_iter().collect::<JoinSet<_>>().join_all().await;
    assert!(answers.iter().all(|answer| *answer == Ok(1)));
    assert_eq!(world.work.started(), 1);
    // The first one's; then one that looks, waits, and looks again for all.
    assert_eq!(world.store.count(Verb::Claim), 3);
    assert_eq!(world.store.count(Verb::Wait), 1);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_duplicates_that_wait_in_vain_are_refused_in_time() {
    let world = world();
    world.work.takes(seconds(60));
    let first = tokio::spawn(wait(&world, "k"));
    sleep(seconds(1)).await;
    let began = Instant::now();
    let calls = (0..1000).map(|_| wait(&world, "k"));
    let answers = calls.into_iter().collect::<JoinSet<_>>().join_all().await;
    assert!(answers.iter().all(|answer| *answer == refused("in-flight")));
    assert_eq!(began.elapsed().as_secs(), 5);
    assert_eq!(world.store.count(Verb::Wait), 1);
    first.abort();
}

#[tokio::test(start_paused = true)]
async fn a_thousand_duplicates_of_what_cannot_be_replayed_cost_no_more() {
    #[idempotent(store = world.idempotency, key = "k", on_conflict = wait("5s"))]
    async fn nan(world: Arc<World>) -> Result<f64, Refusal> {
        world.work.effect().await;
        Ok(f64::NAN)
    }
    let world = world();
    world.work.takes(seconds(3));
    let calls = (0..1001).map(|_| nan(Arc::clone(&world)));
    let answers = calls.collect::<JoinSet<_>>().join_all().await;
    let entombed = Err(Refusal::runtime("not-replayable"));
    let refused = answers.iter().filter(|answer| **answer == entombed);
    assert_eq!(refused.count(), 1000);
    assert_eq!(world.store.count(Verb::Claim), 3);
}

#[tokio::test(start_paused = true)]
async fn each_key_has_its_own_queue() {
    let world = world();
    world.work.takes(seconds(3));
    let keys = ["a", "b", "a", "b", "c"];
    let calls = keys.map(|key| wait(&world, key));
    calls.into_iter().collect::<JoinSet<_>>().join_all().await;
    assert_eq!(world.work.started(), 3);
}

#[tokio::test(start_paused = true)]
async fn when_the_first_releases_one_duplicate_runs_for_the_others() {
    let world = world();
    world.work.takes(seconds(1));
    let first = tokio::spawn(wait_for(Arc::clone(&world), "k", false));
    sleep(millis(100)).await;
    let calls = (0..10).map(|_| wait(&world, "k"));
    let answers = calls.into_iter().collect::<JoinSet<_>>().join_all().await;
    assert_eq!(first.await.unwrap(), Err(Refusal::declined("not now")));
    assert!(answers.iter().all(|answer| *answer == Ok(2)));
    assert_eq!(world.work.started(), 2);
}

#[tokio::test(start_paused = true)]
async fn when_the_first_dies_a_duplicate_takes_over_after_its_lease() {
    let world = Arc::new(World::of_functions_tuned(|builder| {
        builder.lease(seconds(2))
    }));
    world.work.takes(seconds(60));
    let mut first = Box::pin(wait(&world, "k"));
    assert!(tokio::time::timeout(millis(100), &mut first).await.is_err());
    std::mem::forget(first);
    world.store.always(Verb::Extend, Fault::Fail);
    world.work.takes(seconds(0));
    let began = Instant::now();
    assert_eq!(wait(&world, "k").await, Ok(2));
    assert!(began.elapsed() < seconds(3));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_does_not_keep_a_duplicate_past_its_time() {
    let world = world();
    world.work.takes(seconds(60));
    let first = tokio::spawn(wait(&world, "k"));
    sleep(seconds(1)).await;
    world.store.always(Verb::Wait, Fault::Hang);
    let began = Instant::now();
    assert_eq!(wait(&world, "k").await, refused("in-flight"));
    assert_eq!(began.elapsed().as_secs(), 5);
    first.abort();
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_a_waiting_duplicate_runs_nothing() {
    let world = world();
    world.work.takes(seconds(60));
    let first = tokio::spawn(wait(&world, "k"));
    sleep(seconds(1)).await;
    world.store.always(Verb::Wait, Fault::Fail);
    assert_eq!(wait(&world, "k").await, refused("store-unavailable"));
    assert_eq!(world.work.started(), 1);
    first.abort();
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_not_shared_beyond_its_life() {
    let world = Arc::new(World::of_functions_tuned(|builder| {
        builder.ttl(seconds(60))
    }));
    world.work.takes(seconds(1));
    let calls = [wait(&world, "k"), wait(&world, "k"), wait(&world, "k")];
    calls.into_iter().collect::<JoinSet<_>>().join_all().await;
    sleep(seconds(61)).await;
    assert_eq!(wait(&world, "k").await, Ok(2));
}
