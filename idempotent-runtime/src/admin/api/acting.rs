//! Actions for programs. Instead of a form's token, a header that another
//! site's page cannot send without asking first, and JSON likewise.

use axum::Json;
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::super::action::Action;
use super::super::frame::Frame;
use super::super::refusal::Refusal;
use super::super::tail::Tail;
use super::super::{act, link, problem, same_origin};
use super::read;
use crate::lease::Fence;

/// Any value will do: no form can send it.
const HEADER: &str = "idempotency-admin";

pub(super) async fn end_lease(path: Tail<1>, frame: Frame, request: Request) -> Response {
    on_record(path, &frame, request, Action::EndLease).await
}

pub(super) async fn forget(path: Tail<1>, frame: Frame, request: Request) -> Response {
    on_record(path, &frame, request, Action::Forget).await
}

async fn on_record(
    Tail([id]): Tail<1>,
    frame: &Frame,
    request: Request,
    action: Action,
) -> Response {
    let asked = match asked(request).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let Some(id) = link::record_id(&id) else {
        let detail = "A record's id is 64 hexadecimal digits.".to_owned();
        return Refusal::Unreadable(detail).problem();
    };
    let Some(fence) = asked.get("fence").and_then(Value::as_u64) else {
        let detail = "`fence` is the record's fence, as it was read.".to_owned();
        return Refusal::Unreadable(detail).problem();
    };
    let outcome = match frame.acting() {
        Ok(operator) => {
            act::carry_out(&frame.panel, operator, action, &id, Fence::new(fence)).await
        }
        Err(refusal) => Err(refusal),
    };
    match outcome {
        Ok(()) => read::json(json!({ "id": id.to_string(), "action": action.code() })),
        Err(refusal) => refusal.problem(),
    }
}

pub(super) async fn dismiss(Tail([id]): Tail<1>, frame: Frame, request: Request) -> Response {
    if let Err(response) = asked(request).await {
        return response;
    }
    let outcome = frame.acting();
    match outcome.and_then(|operator| act::dismiss_finding(&frame.panel, operator, &id)) {
        Ok(()) => read::json(json!({ "id": id, "action": Action::Dismiss.code() })),
        Err(refusal) => refusal.problem(),
    }
}

/// The JSON of a request that no other site's form can have sent.
async fn asked(request: Request) -> Result<Value, Response> {
    let (parts, body) = request.into_parts();
    if same_origin::is_foreign(&parts) {
        return Err(Refusal::Foreign.problem());
    }
    if !parts.headers.contains_key(HEADER) {
        let status = StatusCode::BAD_REQUEST;
        let detail = "Actions need the header `Idempotency-Admin`, with any value.";
        return Err(problem::of(
            status,
            "header-missing",
            "Header missing",
            detail,
        ));
    }
    match Json::from_request(Request::from_parts(parts, body), &()).await {
        Ok(Json(asked)) => Ok(asked),
        Err(error) => Err(Refusal::Unreadable(error.body_text()).problem()),
    }
}
