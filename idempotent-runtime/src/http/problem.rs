//! Errors as RFC 9457 problem documents. They say what happened and what to
//! do, and nothing of the stored request or answer (invariant 11).

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, LINK, RETRY_AFTER};
use serde_json::json;

use crate::attempt::StepError;
use crate::error::Error;
use crate::settings::Settings;

/// The `type` of problems where no base is configured.
const BASE: &str = "urn:idempotent:problem:";

/// The response of an error.
pub(super) fn of(error: &Error, settings: &Settings) -> Response {
    let (status, title) = status(error);
    let base = settings.problem_base.as_deref();
    let kind = format!("{}{}", base.unwrap_or(BASE), error.code());
    let problem = json!({
        "type": kind,
        "title": title,
        "status": status.as_u16(),
        "detail": error.to_string(),
        "code": error.code(),
        "retryable": error.retry_after().is_some(),
    });
    let body = problem.to_string();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(retry_after) = error.retry_after() {
        let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    }
    if base.is_some()
        && let Ok(link) = HeaderValue::from_str(&format!("<{kind}>; rel=\"describedby\""))
    {
        headers.insert(LINK, link);
    }
    response
}

fn status(error: &Error) -> (StatusCode, &'static str) {
    match error {
        Error::KeyMissing { .. } => (StatusCode::BAD_REQUEST, "Idempotency key missing"),
        Error::KeyMalformed(_) => (StatusCode::BAD_REQUEST, "Idempotency key malformed"),
        Error::KeyTooOld { .. } => (StatusCode::BAD_REQUEST, "Idempotency key too old"),
        Error::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "Idempotency key reused"),
        Error::InFlight { .. } => (StatusCode::CONFLICT, "Request in flight"),
        Error::OutcomeUnknown => (StatusCode::CONFLICT, "Outcome unknown"),
        Error::NotReplayable => (StatusCode::CONFLICT, "Answer not replayable"),
        Error::QuotaExceeded { .. } => (StatusCode::TOO_MANY_REQUESTS, "Key quota exceeded"),
        Error::Unavailable { .. } => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Idempotency store unavailable",
        ),
        Error::TransactionFailed { .. } => {
            (StatusCode::SERVICE_UNAVAILABLE, "Transaction rolled back")
        }
        Error::CommitUnknown { .. } => (StatusCode::SERVICE_UNAVAILABLE, "Commit not acknowledged"),
        Error::StoreFull { .. } => (StatusCode::SERVICE_UNAVAILABLE, "Idempotency store full"),
        Error::Overloaded { .. } => (StatusCode::SERVICE_UNAVAILABLE, "Overloaded"),
        Error::Panicked => (StatusCode::INTERNAL_SERVER_ERROR, "Handler panicked"),
        Error::ScopeEmpty(_) => (StatusCode::INTERNAL_SERVER_ERROR, "Idempotency scope empty"),
        Error::Fingerprint(_) => (StatusCode::INTERNAL_SERVER_ERROR, "Fingerprint failed"),
        Error::Step(StepError::Lost { .. } | StepError::Store { .. }) => {
            (StatusCode::SERVICE_UNAVAILABLE, "Step not recorded")
        }
        Error::Step(_) => (StatusCode::INTERNAL_SERVER_ERROR, "Step failed"),
        Error::NameTaken { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "Operation name taken"),
    }
}
