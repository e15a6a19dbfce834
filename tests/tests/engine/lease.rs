//! A lease outlives a renewal that fails; one that is lost is told to its body,
//! so that it can stop before it does harm.

use std::sync::{Arc, Mutex};

use idempotent_runtime::{Attempt, Store, idempotent};
use tests::{Fault, Refusal, Verb, World, millis, seconds};
use tokio::time::{Instant, sleep, timeout};

use crate::heartbeat::world_of_lease;
use crate::{call, refused, world};

/// Runs until its lease is lost, and says how long it had it.
#[idempotent(store = world.idempotency, key = key)]
async fn until_lost(world: Arc<World>, key: &'static str) -> Result<u64, Refusal> {
    let attempt = Attempt::current().expect("an attempt");
    let began = Instant::now();
    assert!(!attempt.is_lost());
    let told = timeout(seconds(600), attempt.lost()).await;
    assert!(told.is_ok() && attempt.is_lost());
    attempt.lost().await;
    Ok(u64::try_from(began.elapsed().as_millis()).expect("a short test"))
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_another_attempt_took_is_told() {
    let world = world();
    let lost = tokio::spawn(until_lost(Arc::clone(&world), "k"));
    sleep(seconds(1)).await;
    // An operator ends the lease, and another call takes over.
    let view = world.store.last_record().await.expect("a record");
    let memory = world.store.memory();
    Store::expire(memory, &view.id, view.fence).await.unwrap();
    let winner = tokio::spawn(until_lost(Arc::clone(&world), "k"));
    sleep(seconds(10)).await;
    winner.abort();
    let told = timeout(seconds(60), lost)
        .await
        .expect("told")
        .unwrap()
        .unwrap();
    assert!((9_000..=20_100).contains(&told), "{told} ms");
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_could_not_be_renewed_in_its_time_is_told() {
    for fault in [Fault::Fail, Fault::Hang] {
        let world = world();
        world.store.always(Verb::Extend, fault);
        let told = until_lost(Arc::clone(&world), "k").await.unwrap();
        // The lease of 30 s is over, and not for long.
        assert!((30_000..=40_000).contains(&told), "{told} ms {fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_renewal_that_fails_or_hangs_costs_no_lease() {
    for fault in [Fault::Fail, Fault::Hang, Fault::LoseAck] {
        let world = world_of_lease(seconds(3));
        world.work.takes(seconds(12));
        world.store.next(Verb::Extend, fault);
        let first = tokio::spawn(call(&world, "k"));
        for _ in 0..11 {
            sleep(seconds(1)).await;
            assert_eq!(call(&world, "k").await, refused("in-flight"), "{fault:?}");
        }
        assert_eq!(first.await.unwrap(), Ok(1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_was_answered_late_is_renewed_in_time() {
    let world = world_of_lease(seconds(3));
    world.work.takes(seconds(6));
    world.store.next(Verb::Claim, Fault::SlowAck(millis(2_500)));
    let first = tokio::spawn(call(&world, "k"));
    for _ in 0..8 {
        sleep(seconds(1)).await;
        assert_eq!(call(&world, "k").await, refused("in-flight"));
    }
    assert_eq!(first.await.unwrap(), Ok(1));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_ended_is_not_told_that_its_lease_is_gone() {
    let seen = Arc::new(Mutex::new(None));
    #[idempotent(store = world.idempotency, key = "k")]
    async fn keeps(world: Arc<World>, seen: Arc<Mutex<Option<Attempt>>>) -> Result<(), Refusal> {
        *seen.lock().unwrap() = Attempt::current();
        Ok(())
    }
    let world = Arc::new(World::of_functions_tuned(|builder| {
        builder.lease(seconds(3)).store_timeout(seconds(60))
    }));
    // The record is done; the caller hears of it after a renewal.
    world.store.next(Verb::Complete, Fault::SlowAck(seconds(5)));
    keeps(Arc::clone(&world), Arc::clone(&seen)).await.unwrap();
    assert!(world.store.count(Verb::Extend) > 0);
    assert!(!seen.lock().unwrap().take().unwrap().is_lost());
}
