//! No client makes a series: labels come from closed sets.

use idempotent_runtime::Idempotency;
use tests::{Meter, World};

use crate::routes;

/// `cargo xtask soak cardinality` makes it a million; the count stays the same.
const CALLS: usize = 20_000;

#[tokio::test]
async fn keys_and_scopes_make_no_series() {
    let meter = Meter::install();
    let world = World::tuned(routes(), |builder| {
        builder.detector_slots(Idempotency::DETECTOR_SLOTS)
    });
    let calls: usize = std::env::var("IDEMPOTENT_SOAK_CARDINALITY")
        .map_or(CALLS, |calls| calls.parse().expect("a number"));
    world.post("/pay").account("someone").key("k").send().await;
    world.post("/pay").account("someone").key("k").send().await;
    let before = meter.series();
    for n in 0..calls {
        let account = format!("account-{n}");
        world
            .post("/pay")
            .account(&account)
            .key(&format!("key-{n}"))
            .send()
            .await;
    }
    let after = meter.series();
    let bytes = world.idempotency.detector_bytes();
    println!(
        "{} series and {bytes} bytes of detectors after {calls} keys and scopes",
        after.len()
    );
    assert!(bytes > 0 && bytes <= 16 * Idempotency::DETECTOR_SLOTS);
    assert!(before == after, "{before:#?}\n{after:#?}");
    assert!(after.len() < 350, "{}", after.len());
}
