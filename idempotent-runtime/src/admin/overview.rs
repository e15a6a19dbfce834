//! `/`: whether anything is wrong, and the way to one key.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::figures::{Figures, Tile};
use super::finding_rows::FindingRow;
use super::flight_rows::FlightRow;
use super::frame::Frame;
use super::lookup_form::LookupForm;
use super::rate_rows::RateRow;
use super::{respond, shown};

/// A look at the worst, not a list of all.
const ROWS: usize = 5;

#[derive(Template)]
#[template(path = "admin/overview.html")]
struct Overview {
    frame: Frame,
    lookup: LookupForm,
    counting: String,
    window: String,
    store_failure: Option<String>,
    tiles: Vec<Tile>,
    findings: Vec<FindingRow>,
    findings_count: usize,
    flight: Vec<FlightRow>,
    rates: Vec<RateRow>,
}

pub(super) async fn get(frame: Frame) -> Response {
    let figures = Figures::now(&frame.panel).await;
    let findings = frame.panel.idempotency().findings();
    let page = Overview {
        lookup: LookupForm::empty(&frame),
        counting: shown::span(frame.panel.made.elapsed()),
        window: shown::span(figures.window.time),
        store_failure: figures.store.failure.clone(),
        tiles: figures.tiles(&frame),
        findings_count: findings.len(),
        findings: FindingRow::all(&frame, findings.into_iter().take(ROWS)),
        flight: FlightRow::all(&frame, figures.flight.iter().take(2 * ROWS)),
        rates: RateRow::all(&figures.window),
        frame,
    };
    respond::page(StatusCode::OK, &page)
}
