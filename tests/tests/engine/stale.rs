//! A paused attempt can't win (invariant 10), and what it did is remembered
//! where nobody else did it (invariant 9).

use std::sync::Arc;

use idempotent_runtime::{Attempt, idempotent};
use tests::{Fault, Refusal, Verb, World, millis, seconds};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::{call, fail, refused, world};

/// A world with a call that lost its lease of 30 s, and ends at second 100; it
/// is second 32, and the store is well again.
async fn paused() -> (Arc<World>, JoinHandle<Result<u64, Refusal>>) {
    let world = world();
    world.work.takes(seconds(100));
    world.store.always(Verb::Extend, Fault::Fail);
    let paused = tokio::spawn(call(&world, "k"));
    sleep(seconds(32)).await;
    world.store.heal();
    (world, paused)
}

#[tokio::test(start_paused = true)]
async fn its_caller_gets_the_winners_answer() {
    let (world, paused) = paused().await;
    world.work.takes(seconds(1));
    assert_eq!(call(&world, "k").await, Ok(2));
    assert_eq!(paused.await.unwrap(), Ok(2));
    assert_eq!(call(&world, "k").await, Ok(2));
    assert_eq!(world.work.started(), 2);
}

#[tokio::test(start_paused = true)]
async fn its_caller_waits_for_a_winner_that_runs() {
    let (world, paused) = paused().await;
    world.work.takes(seconds(80));
    let winner = tokio::spawn(call(&world, "k"));
    // It ends at second 100, the winner at 112.
    assert_eq!(paused.await.unwrap(), Ok(2));
    assert_eq!(winner.await.unwrap(), Ok(2));
}

#[tokio::test(start_paused = true)]
async fn its_caller_waits_for_a_winner_no_longer_than_a_lease() {
    let (world, paused) = paused().await;
    world.work.takes(seconds(600));
    let winner = tokio::spawn(call(&world, "k"));
    let began = tokio::time::Instant::now();
    assert_eq!(paused.await.unwrap(), refused("in-flight"));
    assert_eq!(began.elapsed().as_secs(), 68 + 30);
    assert_eq!(winner.await.unwrap(), Ok(2));
    assert_eq!(call(&world, "k").await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn where_the_winner_released_the_late_answer_is_stored() {
    let (world, paused) = paused().await;
    world.work.takes(seconds(1));
    fail(&world, "k").await.unwrap_err();
    assert_eq!(paused.await.unwrap(), Ok(1));
    assert_eq!(call(&world, "k").await, Ok(1));
    assert_eq!(world.work.started(), 2);
}

#[tokio::test(start_paused = true)]
async fn where_the_winner_releases_while_it_waits_the_late_answer_is_stored() {
    let (world, paused) = paused().await;
    world.work.takes(seconds(80));
    let winner = tokio::spawn(fail(&world, "k"));
    assert_eq!(paused.await.unwrap(), Ok(1));
    assert!(winner.await.unwrap().is_err());
    assert_eq!(call(&world, "k").await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn where_nobody_took_over_the_late_answer_is_stored() {
    let (world, paused) = paused().await;
    assert_eq!(paused.await.unwrap(), Ok(1));
    assert_eq!(call(&world, "k").await, Ok(1));
    assert_eq!(world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_is_stored_though_the_store_fails_on_the_way() {
    for (verb, fault) in [
        (Verb::Claim, Fault::Fail),
        (Verb::Complete, Fault::Fail),
        (Verb::Complete, Fault::LoseAck),
    ] {
        let (world, paused) = paused().await;
        world.work.takes(seconds(1));
        fail(&world, "k").await.unwrap_err();
        if verb == Verb::Complete {
            // The first one says that the lease is lost.
            world.store.next(verb, Fault::SlowAck(millis(1)));
        }
        for _ in 0..4 {
            world.store.next(verb, fault);
        }
        assert_eq!(paused.await.unwrap(), Ok(1));
        sleep(seconds(10)).await;
        assert_eq!(call(&world, "k").await, Ok(1), "{verb:?} {fault:?}");
        assert_eq!(world.idempotency.in_flight(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn its_caller_gets_no_answer_of_its_own_where_a_winner_is_known() {
    let (world, paused) = paused().await;
    world.work.takes(seconds(1));
    assert_eq!(call(&world, "k").await, Ok(2));
    sleep(seconds(60)).await;
    world.store.always(Verb::Claim, Fault::Fail);
    assert_eq!(paused.await.unwrap(), refused("in-flight"));
    world.store.heal();
    sleep(seconds(10)).await;
    assert_eq!(call(&world, "k").await, Ok(2));
    assert_eq!(world.idempotency.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn where_the_key_serves_another_request_by_now_its_caller_gets_its_own() {
    #[idempotent(store = world.idempotency, key = "k", fingerprint = amount)]
    async fn pay(world: Arc<World>, amount: u64, is_final: bool) -> Result<u64, Refusal> {
        let n = world.work.effect().await;
        let answer = n * 1000 + amount;
        is_final
            .then_some(answer)
            .ok_or_else(|| Refusal::declined("not now"))
    }
    let world = world();
    world.work.takes(seconds(100));
    world.store.always(Verb::Extend, Fault::Fail);
    let paused = tokio::spawn(pay(Arc::clone(&world), 5, true));
    sleep(seconds(31)).await;
    world.work.takes(seconds(1));
    pay(Arc::clone(&world), 5, false).await.unwrap_err();
    assert_eq!(pay(Arc::clone(&world), 6, true).await, Ok(3006));
    assert_eq!(paused.await.unwrap(), Ok(1005));
    assert_eq!(pay(Arc::clone(&world), 6, true).await, Ok(3006));
}

#[tokio::test(start_paused = true)]
async fn the_winners_fence_is_higher() {
    #[idempotent(store = world.idempotency, key = "k")]
    async fn fence(world: Arc<World>) -> Result<u64, Refusal> {
        let fence = Attempt::current().expect("an attempt").fence();
        world.work.effect().await;
        Ok(fence.get())
    }
    let world = world();
    world.work.takes(seconds(100));
    world.store.always(Verb::Extend, Fault::Fail);
    let paused = tokio::spawn(fence(Arc::clone(&world)));
    sleep(seconds(1)).await;
    let first = world.store.last_record().await.unwrap().fence;
    sleep(seconds(30)).await;
    world.work.takes(seconds(1));
    let winner = fence(Arc::clone(&world)).await.unwrap();
    assert!(winner > first.get());
    assert_eq!(paused.await.unwrap(), Ok(winner));
}
