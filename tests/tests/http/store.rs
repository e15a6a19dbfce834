//! A store that is not there: nothing runs, and the caller is asked to retry;
//! or what ran already is answered, and remembered.

use tests::{Ask, Fault, Verb, World, millis, seconds};
use tokio::time::{Instant, sleep};

use crate::routes;

fn ask(world: &World) -> Ask {
    world.post("/pay").key("k").account("alice")
}

#[tokio::test]
async fn without_a_store_no_body_runs() {
    let world = World::new(routes());
    world.store.break_down(Fault::Fail);
    let reply = ask(&world).send().await;
    assert_eq!(reply, (503, "store-unavailable"));
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert_eq!(world.work.started(), 0);
    assert_eq!(world.idempotency.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_is_as_good_as_none() {
    let world = World::tuned(routes(), |builder| builder.store_timeout(seconds(2)));
    world.store.always(Verb::Claim, Fault::Hang);
    let began = Instant::now();
    let reply = ask(&world).send().await;
    assert_eq!(reply, (503, "store-unavailable"));
    assert_eq!(began.elapsed().as_secs(), 4, "a claim, and once again");
    assert_eq!(world.work.started(), 0);
}

#[tokio::test]
async fn a_store_that_is_set_up_wrongly_is_not_asked_again() {
    let world = World::new(routes());
    world.store.always(Verb::Claim, Fault::Misconfigured);
    assert_eq!(ask(&world).send().await, (503, "store-unavailable"));
    assert_eq!(world.store.count(Verb::Claim), 1);
}

#[tokio::test]
async fn what_the_store_said_reaches_no_client() {
    let world = World::new(routes());
    world.store.break_down(Fault::Fail);
    let reply = ask(&world).send().await;
    assert!(!reply.text().contains("as the test says"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_reaches_its_caller_at_once_and_the_store_later() {
    let world = World::new(routes());
    world.work.takes(seconds(1));
    let first = tokio::spawn(ask(&world).send());
    sleep(millis(500)).await;
    world.store.break_down(Fault::Fail);
    let began = Instant::now();
    assert_eq!(first.await.unwrap().answer(), (200, "effect 1"));
    assert_eq!(began.elapsed(), millis(500));
    sleep(seconds(20)).await;
    world.store.heal();
    sleep(seconds(6)).await;
    assert!(ask(&world).send().await.is_replay());
    assert_eq!(world.work.started(), 1);
}
