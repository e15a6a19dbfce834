//! Actions carried out: the one place that changes anything. It asks first
//! who asks, then what stands there, and tells the audit what came of it.

use axum::extract::FromRequest;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Request};
use axum::response::Response;

use super::action::Action;
use super::frame::Frame;
use super::operator::Operator;
use super::panel::Panel;
use super::refusal::Refusal;
use super::tail::Tail;
use super::{audit, finding, link, reading, respond, same_origin, state_words};
use crate::lease::Fence;
use crate::outcome::Operated;
use crate::record::RecordId;

/// `POST /records/{id}/{action}`.
pub(super) async fn on_record(
    Tail([id, action]): Tail<2>,
    frame: Frame,
    request: Request,
) -> Response {
    let (Some(id), Some(action)) = (link::record_id(&id), Action::on_record(&action)) else {
        return respond::not_found(&frame);
    };
    match post_on_record(&frame, &id, action, request).await {
        Ok(to) => respond::see_other(&frame.link(&to)),
        Err(refusal) => refusal.page(&frame),
    }
}

async fn post_on_record(
    frame: &Frame,
    id: &RecordId,
    action: Action,
    request: Request,
) -> Result<String, Refusal> {
    let (operator, form) = own_form(frame, request).await?;
    let fence = link::sent(&form, "fence").and_then(|it| it.parse().ok());
    let fence = fence.ok_or(Refusal::Token)?;
    check_token(frame, operator, &form, action, &id.to_string(), fence)?;
    carry_out(&frame.panel, operator, action, id, Fence::new(fence)).await?;
    Ok(match action {
        Action::Forget => format!("/records/{id}?notice=forgotten"),
        _ => format!("/records/{id}?notice=lease-ended"),
    })
}

/// `POST /findings/{id}/dismiss`.
pub(super) async fn dismiss(Tail([id]): Tail<1>, frame: Frame, request: Request) -> Response {
    let outcome = async {
        let (operator, form) = own_form(&frame, request).await?;
        check_token(&frame, operator, &form, Action::Dismiss, &id, 0)?;
        dismiss_finding(&frame.panel, operator, &id)
    };
    match outcome.await {
        Ok(()) => respond::see_other(&frame.link("/findings?notice=dismissed")),
        Err(refusal) => refusal.page(&frame),
    }
}

/// The form of a request from this page, by an operator who may act.
async fn own_form(
    frame: &Frame,
    request: Request,
) -> Result<(&Operator, Vec<(String, String)>), Refusal> {
    let (parts, body) = request.into_parts();
    if !same_origin::is_own(&parts) {
        return Err(Refusal::Foreign);
    }
    let operator = frame.acting()?;
    let form = Form::from_request(Request::from_parts(parts, body), &()).await;
    let form = form.map_err(|error: FormRejection| Refusal::Unreadable(error.body_text()))?;
    Ok((operator, form.0))
}

fn check_token(
    frame: &Frame,
    operator: &Operator,
    form: &[(String, String)],
    action: Action,
    what: &str,
    fence: u64,
) -> Result<(), Refusal> {
    let token = link::sent(form, "token").unwrap_or_default();
    let hour = frame.now.hour();
    if frame
        .panel
        .tokens
        .accepts(token, operator, action, what, fence, hour)
    {
        Ok(())
    } else {
        Err(Refusal::Token)
    }
}

/// Acts on a record, if its attempt is still the one with this fence.
pub(super) async fn carry_out(
    panel: &Panel,
    operator: &Operator,
    action: Action,
    id: &RecordId,
    fence: Fence,
) -> Result<(), Refusal> {
    let seen = reading::record(panel, id).await;
    let before = match &seen {
        Ok(Some(view)) => state_words::code(view.state),
        Ok(None) => "none",
        Err(_) => "unknown",
    };
    let result = match seen {
        Ok(Some(view)) if view.fence != fence => Err(Refusal::MovedOn),
        Ok(Some(view)) => match action.fits(&view) {
            Ok(()) => ask_store(panel, action, id, fence).await,
            Err(refusal) => Err(refusal),
        },
        Ok(None) => Err(Refusal::NoRecord),
        Err(refusal) => Err(refusal),
    };
    audit::record(
        operator,
        action,
        &id.to_string(),
        fence.get(),
        before,
        &result,
    );
    panel.store.forget().await;
    result
}

async fn ask_store(
    panel: &Panel,
    action: Action,
    id: &RecordId,
    fence: Fence,
) -> Result<(), Refusal> {
    let idempotency = panel.idempotency();
    let store = idempotency.store();
    let (verb, answer) = match action {
        Action::Forget => ("forget", store.forget(id, fence)),
        _ => ("expire", store.expire(id, fence)),
    };
    match idempotency.engine.within_timeout(verb, answer).await? {
        Operated::Applied => {
            if action == Action::Forget {
                idempotency.engine.telemetry.deleted(id);
            }
            Ok(())
        }
        Operated::Refused => Err(Refusal::MovedOn),
    }
}

/// Takes a finding off this process's list.
pub(super) fn dismiss_finding(panel: &Panel, operator: &Operator, id: &str) -> Result<(), Refusal> {
    let finding = finding::find(panel, id);
    let before = finding.as_ref().map_or("none", |it| it.kind.text().name);
    let result = match &finding {
        Some(finding) => {
            let telemetry = &panel.idempotency().engine.telemetry;
            let was_there = telemetry.dismiss(finding.kind, &finding.place);
            was_there.then_some(()).ok_or(Refusal::NoFinding)
        }
        None => Err(Refusal::NoFinding),
    };
    audit::record(operator, Action::Dismiss, id, 0, before, &result);
    result
}
