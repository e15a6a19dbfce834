//! What an alert looks at is there, at zero, before it happens: `increase()`
//! cannot see a counter that is born at 1.

use idempotent_runtime::metrics::{Kind, METRICS};
use tests::{Meter, World};

use crate::routes;

#[tokio::test(start_paused = true)]
async fn the_first_call_registers_every_counter_of_its_operation_at_zero() {
    let meter = Meter::install();
    let world = World::new(routes());
    world.post("/pay").account("alice").key("k").send().await;
    let of_operations = METRICS.iter().filter(|metric| metric.kind == Kind::Counter);
    for metric in of_operations.filter(|metric| metric.labels.contains(&"operation")) {
        let sum = meter.get(metric.name, &["operation=\"pay\""]);
        let counted = matches!(
            metric.name,
            "idempotency_requests_total" | "idempotency_executions_total"
        );
        assert_eq!(sum, f64::from(u8::from(counted)), "{}", metric.name);
    }
    assert_eq!(
        meter.get("idempotency_store_errors_total", &["verb=\"claim\""]),
        0.0
    );
}

#[tokio::test(start_paused = true)]
async fn every_series_is_one_of_the_list_with_its_labels() {
    let meter = Meter::install();
    let world = World::new(routes());
    world.post("/pay").account("alice").key("k").send().await;
    for series in meter.series() {
        let (name, labels) = series.split_once('{').unwrap_or((&series, ""));
        let name = name.trim_end_matches("_bucket");
        let name = METRICS.iter().find(|metric| {
            let rest = name.strip_prefix(metric.name);
            matches!(rest, Some("" | "_sum" | "_count"))
        });
        let metric = name.unwrap_or_else(|| panic!("{series} is not of the list"));
        let names = labels.split(',').filter_map(|label| label.split_once('='));
        let names = names.map(|(name, _)| name).filter(|name| *name != "le");
        assert!(names.eq(metric.labels.iter().copied()), "{series}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_made_before_a_recorder_reports_to_the_one_at_its_first_call() {
    let world = World::new(routes());
    let meter = Meter::install();
    world.post("/pay").account("alice").key("k").send().await;
    assert_eq!(
        meter.get("idempotency_requests_total", &["outcome=\"executed\""]),
        1.0
    );
}
