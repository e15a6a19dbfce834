//! `GET /records/{id}/{action}`: what an action does, before it is done.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::action::Action;
use super::frame::Frame;
use super::operator::Operator;
use super::refusal::Refusal;
use super::tail::Tail;
use super::{flight_rows, link, reading, records, respond, shown, state_words};
use crate::record::{RecordId, RecordView};

#[derive(Template)]
#[template(path = "admin/confirm.html")]
struct Confirm<'a> {
    frame: &'a Frame,
    title: &'static str,
    warning: &'static str,
    words: &'static [&'static str],
    id: String,
    short: String,
    operation: String,
    state: &'static str,
    tone: &'static str,
    age: String,
    fence: u64,
    token: String,
    action: String,
    back: String,
}

pub(super) async fn get(Tail([id, action]): Tail<2>, frame: Frame) -> Response {
    let (Some(id), Some(action)) = (link::record_id(&id), Action::on_record(&action)) else {
        return respond::not_found(&frame);
    };
    match view(&frame, &id, action).await {
        Ok((operator, view)) => {
            let page = Confirm::of(&frame, operator, action, &view);
            respond::page(StatusCode::OK, &page)
        }
        Err(refusal) => refusal.page(&frame),
    }
}

/// Whoever may not act learns it before a form, not after.
async fn view<'a>(
    frame: &'a Frame,
    id: &RecordId,
    action: Action,
) -> Result<(&'a Operator, RecordView), Refusal> {
    let operator = frame.acting()?;
    let view = reading::record(&frame.panel, id).await?;
    let view = view.ok_or(Refusal::NoRecord)?;
    action.fits(&view)?;
    Ok((operator, view))
}

impl<'a> Confirm<'a> {
    fn of(frame: &'a Frame, operator: &Operator, action: Action, view: &RecordView) -> Self {
        let (state, tone, _) = state_words::of(view.state);
        let (id, fence) = (view.id.to_string(), view.fence.get());
        let tokens = &frame.panel.tokens;
        Self {
            title: action.title(),
            warning: action.warning(),
            words: action.consequences(),
            short: flight_rows::short(&view.id),
            operation: records::operation(&view.operation),
            state,
            tone,
            age: shown::span(view.age),
            fence,
            token: tokens.of(operator, action, &id, fence, frame.now.hour()),
            action: frame.link(&format!("/records/{id}/{}", action.code())),
            back: frame.link(&format!("/records/{id}")),
            id,
            frame,
        }
    }
}
