//! How many reruns there are, and what they may take.

use tests::{Reply, seconds};

use super::{ask, replayed, settled, tuned, world};

#[tokio::test(start_paused = true)]
async fn one_body_a_second_runs_again_at_most() {
    let world = world();
    replayed(&world).await;
    for key in ["k", "k", "other", "other"] {
        ask(&world, key).send().await;
        settled().await;
    }
    assert_eq!(world.work.started(), 3, "two calls, and one rerun");
    tokio::time::advance(seconds(1)).await;
    replayed(&world).await;
    assert_eq!(world.work.started(), 4);
}

#[tokio::test(start_paused = true)]
async fn at_shutdown_no_body_runs_again() {
    let world = world();
    ask(&world, "k").send().await;
    let head = ask(&world, "k").head().await;
    assert_eq!(world.idempotency.shutdown(seconds(1)).await, 0);
    assert!(Reply::of(head).await.is_replay());
    settled().await;
    assert_eq!(world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn without_a_free_slot_no_body_runs_again() {
    let world = tuned(|builder| builder.max_in_flight(1));
    ask(&world, "k").send().await;
    let head = ask(&world, "k").head().await;
    world.work.takes(seconds(10));
    let slow = tokio::spawn(crate::ask(&world, "slow").send());
    settled().await;
    assert!(Reply::of(head).await.is_replay());
    assert_eq!(slow.await.expect("an answer").status, 200);
    settled().await;
    assert_eq!(world.work.started(), 2, "two calls, and no rerun");
}

#[tokio::test(start_paused = true)]
async fn a_rerun_holds_a_slot_while_it_runs() {
    let world = tuned(|builder| builder.max_in_flight(1));
    ask(&world, "k").send().await;
    world.work.takes(seconds(10));
    ask(&world, "k").send().await;
    settled().await;
    assert_eq!(crate::ask(&world, "other").send().await.status, 503);
    tokio::time::sleep(seconds(10)).await;
    assert_eq!(crate::ask(&world, "other").send().await.status, 200);
}
