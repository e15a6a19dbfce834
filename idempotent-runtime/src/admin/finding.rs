//! `/findings/{id}`: one finding, and what to do about it.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::action::Action;
use super::finding_rows::{self, FindingRow};
use super::frame::Frame;
use super::moment::Moment;
use super::panel::Panel;
use super::refusal::Refusal;
use super::tail::Tail;
use super::{flight_rows, respond, shown};
use crate::findings::{Example, Finding};

#[derive(Template)]
#[template(path = "admin/finding.html")]
struct FindingPage {
    frame: Frame,
    row: FindingRow,
    why: &'static str,
    first: Moment,
    record: Option<(String, String)>,
    facts: Vec<(&'static str, String)>,
    dismiss: String,
    /// Where this operator may dismiss it.
    token: Option<String>,
}

pub(super) async fn get(Tail([id]): Tail<1>, frame: Frame) -> Response {
    let Some(finding) = find(&frame.panel, &id) else {
        return Refusal::NoFinding.page(&frame);
    };
    let example = &finding.example;
    let page = FindingPage {
        row: FindingRow::of(&frame, &finding),
        why: finding.why(),
        first: Moment::of(finding.first_seen),
        record: example.record.map(|id| {
            let link = frame.link(&format!("/records/{id}"));
            (flight_rows::short(&id), link)
        }),
        facts: facts(example),
        dismiss: frame.link(&format!("/findings/{id}/dismiss")),
        token: frame.acting().ok().map(|operator| {
            let tokens = &frame.panel.tokens;
            tokens.of(operator, Action::Dismiss, &id, 0, frame.now.hour())
        }),
        frame,
    };
    respond::page(StatusCode::OK, &page)
}

/// The finding of that id, in this process.
pub(super) fn find(panel: &Panel, id: &str) -> Option<Finding> {
    let findings = panel.idempotency().findings();
    findings.into_iter().find(|it| finding_rows::id(it) == id)
}

/// What is known of the last time.
fn facts(example: &Example) -> Vec<(&'static str, String)> {
    let used = example.lease_used.map(|it| format!("{:.0} %", it * 100.0));
    [
        ("Fence", example.fence.map(|it| it.to_string())),
        ("Time between", example.ago.map(shown::span)),
        ("Lease", example.lease.map(shown::span)),
        ("Lease used", used),
        ("Ttl", example.ttl.map(shown::span)),
        ("Effect", example.effect.map(shown::text)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}
