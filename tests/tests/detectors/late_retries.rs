//! Late retries, by the expired record or by the time in the key.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use idempotent_runtime::findings::FindingKind::LateRetry;
use idempotent_runtime::{Idempotency, idempotent};
use tests::{Meter, World, seconds};
use tokio::time::sleep;

use crate::{ask, found, routes};

const LATE: &str = "idempotency_late_retries_total";

fn world() -> World {
    World::tuned(routes(), |builder| builder.ttl(seconds(100)))
}

#[tokio::test(start_paused = true)]
async fn a_retry_in_the_grace_after_the_ttl_is_late() {
    let (meter, world) = (Meter::install(), world());
    ask(&world, "k").send().await;
    sleep(seconds(105)).await;
    ask(&world, "k").send().await;
    assert_eq!(
        found(&world.idempotency),
        [(LateRetry, "pay".to_owned(), 1)]
    );
    assert_eq!(meter.get(LATE, &["\"record\""]), 1.0);
    let finding = &world.idempotency.findings()[0];
    let ago = finding.example.ago.unwrap();
    assert!((seconds(4)..seconds(6)).contains(&ago), "{ago:?}");
    assert!(finding.action().contains("100s"), "{}", finding.action());
}

#[tokio::test(start_paused = true)]
async fn a_retry_within_the_ttl_is_not() {
    let world = world();
    ask(&world, "k").send().await;
    sleep(seconds(99)).await;
    assert!(ask(&world, "k").send().await.is_replay());
    assert_eq!(found(&world.idempotency), []);
}

#[tokio::test(start_paused = true)]
async fn another_request_under_the_same_key_is_counted_and_no_finding() {
    let (meter, world) = (Meter::install(), world());
    ask(&world, "k").body("1").send().await;
    sleep(seconds(105)).await;
    ask(&world, "k").body("2").send().await;
    assert_eq!(found(&world.idempotency), []);
    assert_eq!(meter.get(LATE, &["\"record\""]), 1.0);
}

/// A `UUIDv7` of so long ago.
#[allow(clippy::disallowed_methods, reason = "a client's clock")]
fn minted(ago: Duration) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    let millis = now.saturating_sub(ago).as_millis();
    format!(
        "{:08x}-{:04x}-7abc-8def-0123456789ab",
        millis >> 16,
        millis & 0xffff
    )
}

#[tokio::test(start_paused = true)]
async fn a_fresh_claim_with_a_key_older_than_the_ttl_is_late() {
    let (meter, world) = (Meter::install(), world());
    ask(&world, &minted(seconds(160))).send().await;
    assert_eq!(
        found(&world.idempotency),
        [(LateRetry, "pay".to_owned(), 1)]
    );
    assert_eq!(meter.get(LATE, &["\"key_time\""]), 1.0);
}

#[tokio::test(start_paused = true)]
async fn a_young_key_is_not_nor_one_that_an_expression_made() {
    let world = world();
    ask(&world, &minted(seconds(50))).send().await;
    ship(&world.idempotency, minted(seconds(160)))
        .await
        .unwrap();
    assert_eq!(found(&world.idempotency), []);
}

/// An order may be older than any answer.
#[idempotent(store = idempotency, key = order, name = "ship")]
async fn ship(idempotency: &Idempotency, order: String) -> Result<(), tests::Refusal> {
    Ok(())
}
