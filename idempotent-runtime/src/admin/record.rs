//! `/records/{id}`: everything about one record that is no key and no secret.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;

use super::answer_shown::{AnswerShown, BodyShown};
use super::frame::Frame;
use super::refusal::Refusal;
use super::tail::Tail;
use super::timeline::{self, Event};
use super::{flight_rows, link, reading, records, respond, shown, state_words};
use crate::record::{RecordView, State};
use crate::store::Capabilities;

#[derive(Template)]
#[template(path = "admin/record.html")]
struct RecordPage {
    frame: Frame,
    id: String,
    short: String,
    operation: String,
    state: &'static str,
    tone: &'static str,
    meaning: &'static str,
    fence: u64,
    attempts: String,
    owner: String,
    fingerprint: Option<String>,
    fingerprint_of: &'static str,
    trace: Option<Trace>,
    timeline: Vec<Event>,
    answer: Option<AnswerShown>,
    /// What this operator may do, and where.
    action: Option<(&'static str, String)>,
    /// Why there is nothing to do.
    hint: &'static str,
    notice: Option<&'static str>,
}

struct Trace {
    id: String,
    link: Option<String>,
}

pub(super) async fn get(
    Tail([id]): Tail<1>,
    Query(pairs): Query<Vec<(String, String)>>,
    frame: Frame,
) -> Response {
    let Some(id) = link::record_id(&id) else {
        let words = "A record's address ends in its id, 64 hexadecimal digits.".to_owned();
        return respond::words(&frame, StatusCode::NOT_FOUND, "No such record", &[words]);
    };
    match reading::record(&frame.panel, &id).await {
        Ok(Some(view)) => {
            let answer = AnswerShown::of(&frame, &view).await;
            let page = RecordPage::of(frame, &view, answer, notice(&pairs));
            respond::page(StatusCode::OK, &page)
        }
        Ok(None) => missing(&frame, &pairs),
        Err(refusal) => refusal.page(&frame),
    }
}

/// What to know before the lease of what runs is ended.
const UNDONE: &str = "The heartbeat of a living attempt can undo it: until a retry has taken over \
                      it renews the lease. Stop the attempt's process first, or end the lease of \
                      one whose process is gone.";

/// 404 in words, with the time after which a key is new again.
fn missing(frame: &Frame, pairs: &[(String, String)]) -> Response {
    let mut words = Vec::new();
    if link::sent(pairs, "notice") == Some("forgotten") {
        words.push("The record is forgotten: the next request with its key runs.".to_owned());
    }
    words.push(Refusal::NoRecord.detail());
    let contract = frame.panel.idempotency().spec();
    if let Some(operation) = link::sent(pairs, "operation").and_then(|it| contract.operation(it)) {
        let ttl = shown::span(operation.ttl());
        words.push(format!(
            "Answers of {} are kept for {ttl}.",
            operation.name()
        ));
    }
    words.push(
        "Looked up by hand? Operation, scope and key must be those of the request, to the letter."
            .to_owned(),
    );
    respond::words(frame, StatusCode::NOT_FOUND, "No record", &words)
}

fn notice(pairs: &[(String, String)]) -> Option<&'static str> {
    match link::sent(pairs, "notice")? {
        "lease-ended" => Some("The lease is ended: the next retry takes over with a higher fence."),
        _ => None,
    }
}

impl RecordPage {
    fn of(
        frame: Frame,
        view: &RecordView,
        answer: Option<AnswerShown>,
        notice: Option<&'static str>,
    ) -> Self {
        let (state, tone, meaning) = state_words::of(view.state);
        let (action, hint) = action(&frame, view);
        let bytes = view.fingerprint.as_bytes();
        Self {
            id: view.id.to_string(),
            short: flight_rows::short(&view.id),
            operation: records::operation(&view.operation),
            state,
            tone,
            meaning,
            fence: view.fence.get(),
            attempts: shown::count(view.attempts.into()),
            owner: records::operation(&view.owner),
            fingerprint: (bytes[0] != 0).then(|| link::hex(&bytes[1..])),
            fingerprint_of: match bytes[0] {
                0 => "none: a changed request is not noticed",
                1 => "of method, path, query and body",
                2 => "of a declared value",
                _ => "of a later version",
            },
            trace: view.trace.map(|trace| {
                let id = link::hex(&trace[..16]);
                let template = frame.panel.options.trace_link.as_deref();
                let link = template.map(|it| it.replace("{trace_id}", &id));
                Trace { id, link }
            }),
            timeline: timeline::of(&frame, view),
            answer,
            action,
            hint,
            notice,
            frame,
        }
    }
}

/// What can be done with a record in its state, by whom it may be done, and
/// what to know of it; or why nothing can.
fn action(frame: &Frame, view: &RecordView) -> (Option<(&'static str, String)>, &'static str) {
    let Capabilities { operator, .. } = frame.panel.idempotency().store().capabilities();
    let offered = match view.state {
        State::Running { .. } => ("End the lease", "end-lease", UNDONE),
        State::Done | State::Tombstone => ("Forget the record", "forget", ""),
        State::Stuck => {
            return (
                None,
                "Nothing to do: its lease is over already, and the next retry takes over.",
            );
        }
        State::Free(_) => return (None, "Nothing to do: no attempt holds it."),
    };
    if !frame.panel.options.actions {
        return (None, "Actions are not enabled on this page.");
    }
    if !frame.acts() {
        return (None, "You may read, not act.");
    }
    if !operator {
        return (None, "This store has no operator's verbs.");
    }
    let link = frame.link(&format!("/records/{}/{}", view.id, offered.1));
    (Some((offered.0, link)), offered.2)
}
