//! `/findings`: what the detectors of this process found.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;

use super::finding_rows::{self, FindingRow};
use super::frame::Frame;
use super::{link, respond};
use crate::findings::FindingKind;

#[derive(Template)]
#[template(path = "admin/findings.html")]
struct Findings {
    frame: Frame,
    rows: Vec<FindingRow>,
    /// Each kind's code and name, and whether it is chosen.
    kinds: Vec<(String, String, bool)>,
    filtered: bool,
    dismissed: bool,
    refresh: String,
}

pub(super) async fn get(Query(pairs): Query<Vec<(String, String)>>, frame: Frame) -> Response {
    let sent = link::sent(&pairs, "kind");
    let chosen = sent.and_then(kind);
    let findings = frame.panel.idempotency().findings().into_iter();
    let findings = findings.filter(|it| chosen.is_none_or(|kind| it.kind == kind));
    let kinds = FindingKind::ALL.iter();
    let page = Findings {
        rows: FindingRow::all(&frame, findings),
        kinds: kinds
            .map(|kind| {
                (
                    code(*kind),
                    finding_rows::name(*kind),
                    chosen == Some(*kind),
                )
            })
            .collect(),
        filtered: chosen.is_some(),
        dismissed: link::sent(&pairs, "notice") == Some("dismissed"),
        refresh: frame.link(&format!(
            "/findings{}",
            link::query(&[("kind", chosen.map(code).as_deref())])
        )),
        frame,
    };
    respond::page(StatusCode::OK, &page)
}

/// A kind as an address and JSON have it: `late-retry`.
pub(super) fn code(kind: FindingKind) -> String {
    kind.text().name.replace(' ', "-")
}

pub(super) fn kind(text: &str) -> Option<FindingKind> {
    let mut all = FindingKind::ALL.iter();
    all.find(|kind| code(**kind) == text).copied()
}
