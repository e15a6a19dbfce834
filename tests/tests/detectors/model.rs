//! Three attempts of one record, in every order of their claims, ends and
//! outcomes: of n bodies that end with a final answer, n - 1 are duplicates.
//! Where one dies in its body there may be fewer, never more.

use std::sync::Arc;

use idempotent_runtime::findings::FindingKind::DuplicateExecution;
use tests::{Fault, Verb, World, seconds};
use tokio::time::{sleep, timeout};

use crate::{act, count};

/// What one attempt does: when it asks after the one before, how long its body
/// takes, and what becomes of it.
#[derive(Debug, Clone, Copy)]
struct Plan {
    asks_after: u64,
    takes: u64,
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Final,
    Released,
    Dies,
}

/// A lease is 30 s, and no heartbeat gets through; so a body of 10 s keeps its
/// lease, and the longer ones lose it before or after the next claim.
const ASKS: [u64; 2] = [35, 65];
const TAKES: [u64; 4] = [10, 50, 80, 150];

fn plans(ends: &[End]) -> Vec<Plan> {
    let mut plans = Vec::new();
    for asks_after in ASKS {
        for takes in TAKES {
            for end in ends.iter().copied() {
                plans.push(Plan {
                    asks_after,
                    takes,
                    end,
                });
            }
        }
    }
    plans
}

/// How many bodies ended with a final answer, and how many were counted.
async fn play(plans: [Plan; 3]) -> (u64, u64) {
    let world = Arc::new(World::of_functions());
    world.store.always(Verb::Extend, Fault::Fail);
    let mut calls = Vec::new();
    let mut ended = Vec::new();
    for plan in plans {
        world.work.takes(seconds(plan.takes));
        let started = world.work.started();
        let call = act(
            Arc::clone(&world),
            "k".to_owned(),
            plan.end != End::Released,
        );
        calls.push(tokio::spawn(async move {
            let dies = match plan.end {
                End::Dies => seconds(plan.takes - 1),
                End::Final | End::Released => seconds(100_000),
            };
            // Whatever its caller gets: the bodies are what counts.
            let _ = timeout(dies, call).await;
        }));
        sleep(seconds(1)).await;
        // One that found the record held, or done, ran no body.
        let ran = world.work.started() > started;
        ended.push(ran && plan.end == End::Final);
        sleep(seconds(plan.asks_after - 1)).await;
    }
    for call in calls {
        call.await.expect("a call that does not panic");
    }
    sleep(seconds(600)).await;
    assert_eq!(world.idempotency.in_flight(), 0);
    let ended = ended.into_iter().filter(|ended| *ended).count() as u64;
    (ended, count(&world, DuplicateExecution))
}

#[tokio::test(start_paused = true)]
async fn without_a_death_every_order_is_counted_exactly() {
    let (mut orders, mut duplicates) = (0, 0);
    let plans = plans(&[End::Final, End::Released]);
    for first in &plans {
        for second in &plans {
            for third in plans.iter().filter(|plan| plan.asks_after == ASKS[0]) {
                let order = [*first, *second, *third];
                let (ended, counted) = play(order).await;
                assert_eq!(counted, ended.saturating_sub(1), "{order:?}");
                orders += 1;
                duplicates += counted;
            }
        }
    }
    println!("{orders} orders, {duplicates} duplicates");
    assert!(duplicates > orders / 4);
}

#[tokio::test(start_paused = true)]
async fn with_deaths_no_order_is_counted_over() {
    let plans = plans(&[End::Final, End::Dies]);
    for first in &plans {
        for second in &plans {
            for third in plans.iter().filter(|plan| plan.asks_after == ASKS[0]) {
                let order = [*first, *second, *third];
                let (ended, counted) = play(order).await;
                assert!(
                    counted <= ended.saturating_sub(1),
                    "{counted} of {ended}: {order:?}"
                );
            }
        }
    }
}
