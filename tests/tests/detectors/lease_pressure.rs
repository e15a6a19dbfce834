//! Lease pressure: how much of a lease went by without a sign of life.

use std::time::Duration;

use idempotent_runtime::findings::FindingKind::LeasePressure;
use tests::{Fault, Meter, Verb, World, millis, seconds};

use crate::{ask, found, routes};

fn world() -> World {
    World::tuned(routes(), |builder| builder.lease(millis(300)))
}

/// On the real clock: what blocks a runtime blocks a paused clock too.
#[tokio::test(flavor = "current_thread")]
async fn a_body_that_blocks_its_runtime_for_most_of_its_lease_is_pressed() {
    let world = world();
    world.work.answers(|_| {
        std::thread::sleep(Duration::from_millis(280));
        "done"
    });
    ask(&world, "k").send().await;
    assert_eq!(
        found(&world.idempotency),
        [(LeasePressure, "pay".to_owned(), 1)]
    );
}

#[tokio::test(start_paused = true)]
async fn a_slow_store_presses_every_lease() {
    let meter = Meter::install();
    let world = world();
    for verb in [Verb::Claim, Verb::Extend, Verb::Complete] {
        world.store.always(verb, Fault::SlowAck(millis(250)));
    }
    ask(&world, "k").send().await;
    assert_eq!(
        found(&world.idempotency),
        [(LeasePressure, "pay".to_owned(), 1)]
    );
    let (count, healthy) = (
        meter.get("idempotency_lease_used_ratio_count", &[]),
        meter.get("idempotency_lease_used_ratio_bucket", &["le=\"0.8\""]),
    );
    assert_eq!((count, healthy), (1.0, 0.0));
}

#[tokio::test(start_paused = true)]
async fn a_body_of_ten_leases_with_a_live_heartbeat_is_healthy() {
    let world = world();
    world.work.takes(seconds(3));
    ask(&world, "k").send().await;
    assert_eq!(found(&world.idempotency), []);
}
