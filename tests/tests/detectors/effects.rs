//! Effects that happen twice for one record.

use std::sync::Arc;

use idempotent_runtime::findings::FindingKind::RepeatedEffect;
use idempotent_runtime::{Attempt, Idempotency, idempotent};
use tests::{Meter, Refusal, World};

use crate::found;

/// Charges, and then has an answer or fails.
#[idempotent(store = world.idempotency, key = key, name = "charges")]
async fn charge(
    world: Arc<World>,
    key: &'static str,
    ids: &'static [&'static str],
    is_final: bool,
) -> Result<u64, Refusal> {
    let attempt = Attempt::current().expect("an attempt");
    for id in ids {
        attempt.record_effect("charge", id);
    }
    let n = world.work.effect().await;
    is_final
        .then_some(n)
        .ok_or_else(|| Refusal::declined("not now"))
}

fn world(slots: usize) -> Arc<World> {
    Arc::new(World::of_functions_tuned(|builder| {
        builder.detector_slots(slots)
    }))
}

fn once() -> [(idempotent_runtime::findings::FindingKind, String, u64); 1] {
    [(RepeatedEffect, "charges".to_owned(), 1)]
}

#[tokio::test(start_paused = true)]
async fn a_charge_of_a_released_attempt_again_in_the_rerun_is_found() {
    let meter = Meter::install();
    let world = world(Idempotency::DETECTOR_SLOTS);
    charge(Arc::clone(&world), "k", &["ch_1"], false)
        .await
        .unwrap_err();
    assert_eq!(found(&world.idempotency), []);
    charge(Arc::clone(&world), "k", &["ch_1"], true)
        .await
        .unwrap();
    assert_eq!(found(&world.idempotency), once());
    assert_eq!(
        meter.get("idempotency_repeated_effects_total", &["\"charges\""]),
        1.0
    );
    let finding = &world.idempotency.findings()[0];
    assert!(
        finding.what().contains("`charge` of `charges`"),
        "{}",
        finding.what()
    );
}

#[tokio::test(start_paused = true)]
async fn the_same_charge_twice_in_one_attempt_is_found_even_without_a_table() {
    let world = world(0);
    charge(Arc::clone(&world), "k", &["ch_1", "ch_1"], true)
        .await
        .unwrap();
    assert_eq!(found(&world.idempotency), once());
}

#[tokio::test(start_paused = true)]
async fn two_charges_another_record_and_a_replay_are_none() {
    let world = world(Idempotency::DETECTOR_SLOTS);
    charge(Arc::clone(&world), "k", &["ch_1", "ch_2"], true)
        .await
        .unwrap();
    charge(Arc::clone(&world), "k", &["ch_1", "ch_2"], true)
        .await
        .unwrap();
    charge(Arc::clone(&world), "other", &["ch_1"], true)
        .await
        .unwrap();
    assert_eq!(found(&world.idempotency), []);
    assert_eq!(world.work.started(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_without_a_record_records_nothing() {
    Attempt::default().record_effect("charge", "ch_1");
}
