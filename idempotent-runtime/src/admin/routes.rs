//! The paths of the page, its own answer to all others, and what is round
//! them: everything that the layer of [`super::Unprotected`] protects.

use std::sync::Arc;

use axum::Router;
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{any, get, post};
use http::StatusCode;

use super::frame::Frame;
use super::panel::Panel;
use super::{
    act, api, assets, confirm, events, finding, findings, headers, lookup, operations, overview,
    problem, record, records, respond,
};

pub(super) fn of(panel: &Arc<Panel>) -> Router {
    panel.rates.start();
    let pages = Router::new()
        .route("/", get(overview::get))
        .route("/assets/{name}", get(assets::get))
        .route("/events", get(events::get))
        .route("/lookup", get(lookup::get).post(lookup::post))
        .route("/records", get(records::get))
        .route("/records/{id}", get(record::get))
        .route(
            "/records/{id}/{action}",
            get(confirm::get).post(act::on_record),
        )
        .route("/findings", get(findings::get))
        .route("/findings/{id}", get(finding::get))
        .route("/findings/{id}/dismiss", post(act::dismiss))
        .route("/operations", get(operations::get));
    api::add(pages)
        // A route and no fallback: axum nests a router that has one under no
        // prefix with a parameter in it.
        .route("/{*path}", any(unknown))
        .method_not_allowed_fallback(wrong_method)
        .layer(map_response(headers::add))
        .with_state(Arc::clone(panel))
}

async fn unknown(uri: http::Uri, frame: Frame) -> Response {
    if uri.path().starts_with("/api/") {
        return problem::not_found("no such path; /api/openapi.json lists them");
    }
    respond::not_found(&frame)
}

async fn wrong_method(uri: http::Uri, frame: Frame) -> Response {
    const STATUS: StatusCode = StatusCode::METHOD_NOT_ALLOWED;
    if uri.path().starts_with("/api/") {
        let detail = "another method; /api/openapi.json lists them";
        return problem::of(STATUS, "method-not-allowed", "Method not allowed", detail);
    }
    let words = "This address does not take requests of this kind.".to_owned();
    respond::words(&frame, STATUS, "Not in this way", &[words])
}
