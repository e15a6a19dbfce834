//! Without an answer from the store nothing runs (invariant 8), and an answer
//! that was lost changes nothing (invariant 5).

use idempotent_runtime::outcome::Release;
use idempotent_runtime::record::State;
use tests::{Fault, Verb, seconds};
use tokio::time::{sleep, timeout};

use crate::{call, refused, world};

#[tokio::test]
async fn a_claim_that_was_not_answered_is_sent_again_with_the_same_token() {
    let world = world();
    world.store.next(Verb::Claim, Fault::LoseAck);
    assert_eq!(call(&world, "k").await, Ok(1));
    let tokens = world.store.tokens();
    assert_eq!(tokens.len(), 2);
    assert_eq!(tokens[0], tokens[1]);
    assert_eq!(call(&world, "k").await, Ok(1));
    assert_eq!(world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_hangs_once_is_sent_again() {
    let world = world();
    world.store.next(Verb::Claim, Fault::Hang);
    assert_eq!(call(&world, "k").await, Ok(1));
    assert_eq!(world.store.count(Verb::Claim), 2);
}

#[tokio::test]
async fn each_attempt_has_a_token_of_its_own() {
    let world = world();
    for key in ["a", "b", "a"] {
        call(&world, key).await.unwrap();
    }
    let tokens = world.store.tokens();
    assert!(tokens[0] != tokens[1] && tokens[1] != tokens[2] && tokens[0] != tokens[2]);
}

#[tokio::test(start_paused = true)]
async fn two_lost_answers_run_nothing_and_hold_no_key() {
    let world = world();
    world.store.next(Verb::Claim, Fault::LoseAck);
    world.store.next(Verb::Claim, Fault::LoseAck);
    assert_eq!(call(&world, "k").await, refused("store-unavailable"));
    assert_eq!(world.work.started(), 0);
    tokio::task::yield_now().await;
    let view = world.store.last_record().await.expect("a record");
    assert_eq!(view.state, State::Free(Release::Retry));
    assert_eq!(call(&world, "k").await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn claims_of_unknown_outcome_are_given_back_once_the_store_is_there_again() {
    let world = world();
    world.store.break_down(Fault::LoseAck);
    assert_eq!(call(&world, "k").await, refused("store-unavailable"));
    sleep(seconds(5)).await;
    assert_eq!(call(&world, "k").await, refused("store-unavailable"));
    world.store.heal();
    sleep(seconds(8)).await;
    assert_eq!(call(&world, "k").await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_holds_no_key_whenever_it_is_dropped() {
    for fault in [Fault::Slow(seconds(2)), Fault::SlowAck(seconds(2))] {
        let world = world();
        world.store.next(Verb::Claim, fault);
        let dropped = timeout(seconds(1), call(&world, "k"));
        assert!(dropped.await.is_err());
        sleep(seconds(2)).await;
        assert_eq!(world.idempotency.in_flight(), 0);
        assert_eq!(call(&world, "k").await, Ok(1), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_never_polled_asks_nothing_of_the_store() {
    let world = world();
    drop(call(&world, "k"));
    sleep(seconds(1)).await;
    assert!(world.store.tokens().is_empty());
}
