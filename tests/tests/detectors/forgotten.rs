//! Records that the store lost before their ttl ended.

use idempotent_runtime::Idempotency;
use idempotent_runtime::findings::FindingKind::ForgottenRecord;
use tests::{Logged, Meter, World, seconds};
use tokio::time::sleep;

use crate::{ask, found, routes};

fn world() -> World {
    World::tuned(routes(), |builder| {
        let builder = builder.detector_slots(Idempotency::DETECTOR_SLOTS);
        builder.ttl(seconds(1000))
    })
}

/// Deletes the last record, as a store does that evicts, or is restored.
async fn forget(world: &World) {
    let record = world.store.last_record().await.expect("a record");
    let store = world.idempotency.store();
    store
        .forget(&record.id, record.fence)
        .await
        .expect("a store in memory");
}

#[tokio::test(start_paused = true)]
async fn a_record_that_is_gone_before_its_time_is_missed() {
    let (meter, logged) = (Meter::install(), Logged::install());
    let world = world();
    ask(&world, "k").send().await;
    forget(&world).await;
    ask(&world, "k").send().await;
    assert_eq!(
        found(&world.idempotency),
        [(ForgottenRecord, "pay".to_owned(), 1)]
    );
    assert_eq!(meter.get("idempotency_forgotten_records_total", &[]), 1.0);
    assert_eq!(logged.lines(&["ERROR", "forgotten record"]).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_record_whose_ttl_has_ended_is_not() {
    let world = world();
    ask(&world, "k").send().await;
    sleep(seconds(2000)).await;
    ask(&world, "other").send().await;
    ask(&world, "k").send().await;
    let kinds = found(&world.idempotency).into_iter().map(|it| it.0);
    assert!(!kinds.collect::<Vec<_>>().contains(&ForgottenRecord));
}

#[tokio::test(start_paused = true)]
async fn a_released_record_is_not() {
    let world = world();
    world.work.answers(|_| axum::http::StatusCode::BAD_GATEWAY);
    for _ in 0..3 {
        ask(&world, "k").send().await;
    }
    assert_eq!(found(&world.idempotency), []);
}
