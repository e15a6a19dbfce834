//! The metrics by a Prometheus exporter: what a service of yours needs of these
//! examples.

use std::error::Error;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use idempotent_runtime::metrics::buckets;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Samples of histograms pile up until they are drained, by a scrape or by
/// this.
const UPKEEP: Duration = Duration::from_secs(5);

/// Installs the recorder, and returns what renders the page. Before the first
/// call, as an operation's handles are made at its first.
pub(crate) fn install() -> Result<PrometheusHandle, Box<dyn Error + Send + Sync>> {
    let mut builder = PrometheusBuilder::new();
    // Without buckets a histogram would be rendered as a summary, on which the
    // alerts are silent.
    for (name, bounds) in buckets() {
        builder = builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), bounds)?;
    }
    let recorder = builder.build_recorder();
    let page = recorder.handle();
    metrics::set_global_recorder(recorder)?;
    let upkeep = page.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    Ok(page)
}

/// `GET /metrics`.
pub(crate) fn routes(page: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(async move || page.render()))
}
