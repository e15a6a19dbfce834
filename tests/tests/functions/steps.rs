//! `Attempt::step`: parts of a body that a later attempt does not run again.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};

use idempotent_runtime::{Attempt, idempotent};
use tests::{Fault, Refusal, Verb, World, millis, seconds};
use tokio::time::{sleep, timeout};

use crate::world;

/// What was done, in order; and what the body does after which part.
#[derive(Default)]
struct Shop {
    done: Mutex<Vec<String>>,
    ends_after: AtomicU64,
    takes: AtomicU64,
}

impl Shop {
    fn ends_after(&self, parts: u64) {
        self.ends_after.store(parts, SeqCst);
    }

    fn done(&self) -> String {
        self.done.lock().unwrap().join(" ")
    }

    async fn act(&self, part: &str) -> Result<String, Refusal> {
        let mut done = {
            let mut done = self.done.lock().unwrap();
            done.push(part.to_owned());
            done.len()
        };
        let takes = self.takes.swap(0, SeqCst);
        if takes > 0 {
            sleep(seconds(takes)).await;
            done += 100;
        }
        Ok(format!("{part} {done}"))
    }

    /// Whether the body ends after this part.
    fn may_end(&self, after: u64) -> Result<(), Refusal> {
        if self.ends_after.load(SeqCst) == after {
            return Err(Refusal::declined(format!("after {after}")));
        }
        Ok(())
    }
}

fn attempt() -> Attempt {
    Attempt::current().expect("an attempt")
}

#[idempotent(store = world.idempotency, key = "k", fingerprint = amount)]
async fn checkout(world: Arc<World>, shop: Arc<Shop>, amount: u64) -> Result<String, Refusal> {
    let attempt = attempt();
    let charged = attempt.step("charge", || shop.act("charge")).await?;
    shop.may_end(1)?;
    let reserved = attempt.step("reserve", || shop.act("reserve")).await?;
    shop.may_end(2)?;
    let mailed = attempt.step("mail", || shop.act("mail")).await?;
    shop.may_end(3)?;
    Ok(format!("{charged}, {reserved}, {mailed} for {amount}"))
}

fn shop() -> (Arc<World>, Arc<Shop>) {
    (world(), Arc::default())
}

const WHOLE: &str = "charge 1, reserve 2, mail 3 for 5";

#[tokio::test]
async fn after_a_release_for_a_retry_the_finished_ones_are_taken() {
    let (world, shop) = shop();
    for after in 1..=3 {
        shop.ends_after(after);
        let ended = checkout(Arc::clone(&world), Arc::clone(&shop), 5).await;
        assert_eq!(ended, Err(Refusal::declined(format!("after {after}"))));
    }
    shop.ends_after(0);
    for _ in 0..2 {
        let whole = checkout(Arc::clone(&world), Arc::clone(&shop), 5).await;
        assert_eq!(whole, Ok(WHOLE.into()));
    }
    assert_eq!(shop.done(), "charge reserve mail");
    assert_eq!(world.store.count(Verb::Step), 3);
}

#[tokio::test(start_paused = true)]
async fn after_an_interruption_only_the_broken_off_one_runs_again() {
    let (world, shop) = shop();
    shop.ends_after(1);
    checkout(Arc::clone(&world), Arc::clone(&shop), 5)
        .await
        .unwrap_err();
    shop.ends_after(0);
    shop.takes.store(60, SeqCst);
    let dropped = checkout(Arc::clone(&world), Arc::clone(&shop), 5);
    assert!(timeout(seconds(1), dropped).await.is_err());
    sleep(millis(1)).await;
    let whole = checkout(Arc::clone(&world), Arc::clone(&shop), 5).await;
    assert_eq!(whole, Ok("charge 1, reserve 3, mail 4 for 5".into()));
    assert_eq!(shop.done(), "charge reserve reserve mail");
}

#[tokio::test(start_paused = true)]
async fn after_a_takeover_they_are_taken_and_the_paused_attempt_records_nothing() {
    let (world, shop) = shop();
    shop.takes.store(60, SeqCst);
    world.store.always(Verb::Extend, Fault::Fail);
    let paused = tokio::spawn(checkout(Arc::clone(&world), Arc::clone(&shop), 5));
    sleep(seconds(40)).await;
    shop.ends_after(1);
    let ended = checkout(Arc::clone(&world), Arc::clone(&shop), 5).await;
    assert_eq!(ended, Err(Refusal::declined("after 1")));
    // The first one wakes up: its charge is not the record's.
    let lost = paused.await.unwrap();
    assert_eq!(lost, Err(Refusal::runtime("lease-lost")));
    shop.ends_after(0);
    let whole = checkout(Arc::clone(&world), Arc::clone(&shop), 5).await;
    assert_eq!(whole, Ok("charge 2, reserve 3, mail 4 for 5".into()));
    assert_eq!(shop.done(), "charge charge reserve mail");
}

#[tokio::test(start_paused = true)]
async fn who_knows_that_its_lease_is_lost_begins_no_part() {
    #[idempotent(store = world.idempotency, key = "k")]
    async fn late(world: &World) -> Result<u64, Refusal> {
        attempt().lost().await;
        let part = || async { Ok::<_, Refusal>(world.work.effect().await) };
        attempt().step("part", part).await
    }
    let world = world();
    world.store.always(Verb::Extend, Fault::Fail);
    assert_eq!(late(&world).await, Err(Refusal::runtime("lease-lost")));
    assert_eq!(world.work.started(), 0);
}

#[tokio::test]
async fn another_request_takes_none() {
    let (world, shop) = shop();
    shop.ends_after(2);
    checkout(Arc::clone(&world), Arc::clone(&shop), 5)
        .await
        .unwrap_err();
    shop.ends_after(0);
    let other = checkout(Arc::clone(&world), Arc::clone(&shop), 6).await;
    assert_eq!(other, Ok("charge 3, reserve 4, mail 5 for 6".into()));
}

#[tokio::test(start_paused = true)]
async fn a_step_whose_write_has_an_unknown_outcome_is_sent_again() {
    for fault in [Fault::LoseAck, Fault::Fail, Fault::Hang] {
        let (world, shop) = shop();
        world.store.next(Verb::Step, fault);
        shop.ends_after(3);
        let ended = checkout(Arc::clone(&world), Arc::clone(&shop), 5).await;
        assert_eq!(ended, Err(Refusal::declined("after 3")), "{fault:?}");
        assert_eq!(world.store.count(Verb::Step), 4);
        shop.ends_after(0);
        let whole = checkout(Arc::clone(&world), Arc::clone(&shop), 5).await;
        assert_eq!(whole, Ok(WHOLE.into()), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_the_store_stays_away_the_body_stops_at_the_first_unrecorded_one() {
    let (world, shop) = shop();
    world.store.always(Verb::Step, Fault::Fail);
    let ended = checkout(Arc::clone(&world), Arc::clone(&shop), 5).await;
    assert_eq!(ended, Err(Refusal::runtime("step-unrecorded")));
    assert_eq!(shop.done(), "charge");
    world.store.heal();
    let whole = checkout(Arc::clone(&world), Arc::clone(&shop), 5).await;
    assert_eq!(whole, Ok("charge 2, reserve 3, mail 4 for 5".into()));
}

#[tokio::test]
async fn a_name_stands_for_one_part_and_may_be_tried_again_after_an_error() {
    #[idempotent(store = world.idempotency, key = "k")]
    async fn thrice(world: &World) -> Result<(u64, u64, String), Refusal> {
        let attempt = attempt();
        let part = || async {
            match world.work.effect().await {
                1 => Err(Refusal::declined("not yet")),
                n => Ok(n),
            }
        };
        attempt.step("a", part).await.unwrap_err();
        let second = attempt.step("a", part).await?;
        let Err(Refusal::Runtime(repeated)) = attempt.step("a", part).await else {
            panic!("a third `a`");
        };
        let other = attempt.step("b", part).await?;
        Ok((second, other, repeated))
    }
    let world = world();
    let parts = thrice(&world).await;
    assert_eq!(parts, Ok((2, 3, "step-repeated".into())));
}

#[tokio::test]
async fn parts_at_the_same_time_are_recorded_and_two_of_one_name_are_not() {
    #[idempotent(store = world.idempotency, key = "k")]
    async fn at_once(world: &World, is_final: bool) -> Result<(u64, u64), Refusal> {
        let attempt = attempt();
        let part = || async { Ok::<_, Refusal>(world.work.effect().await) };
        let slow = || async {
            tokio::task::yield_now().await;
            part().await
        };
        let (one, two, same) = tokio::join!(
            attempt.step("one", slow),
            attempt.step("two", slow),
            attempt.step("one", slow),
        );
        if is_final {
            assert!(same.is_err());
            Ok((one?, two?))
        } else {
            Err(Refusal::declined("not now"))
        }
    }
    let world = world();
    at_once(&world, false).await.unwrap_err();
    let (one, two) = at_once(&world, true).await.unwrap();
    assert_eq!((one.min(two), one.max(two)), (1, 2));
    assert_eq!(world.work.started(), 2);
}
