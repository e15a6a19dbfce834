//! Findings as the pages list them.

use super::frame::Frame;
use super::moment::Moment;
use super::shown;
use crate::findings::{Finding, FindingKind};

/// A sentence in parts, and whether each is code.
type Prose = Vec<(String, bool)>;

pub(super) struct FindingRow {
    pub(super) name: String,
    pub(super) tone: &'static str,
    pub(super) link: String,
    pub(super) place: String,
    pub(super) what: Prose,
    pub(super) action: Prose,
    pub(super) count: String,
    pub(super) last: Moment,
    pub(super) last_ago: String,
}

impl FindingRow {
    pub(super) fn all(frame: &Frame, findings: impl Iterator<Item = Finding>) -> Vec<Self> {
        findings.map(|finding| Self::of(frame, &finding)).collect()
    }

    pub(super) fn of(frame: &Frame, finding: &Finding) -> Self {
        let last = Moment::of(finding.last_seen);
        Self {
            name: name(finding.kind),
            tone: tone(finding.kind),
            link: frame.link(&format!("/findings/{}", id(finding))),
            place: shown::text(&finding.place),
            what: shown::prose(&finding.what()),
            action: shown::prose(&finding.action()),
            count: shown::count(finding.count),
            last,
            last_ago: shown::span(last.until(frame.now)),
        }
    }
}

/// Its name, as a heading has it.
pub(super) fn name(kind: FindingKind) -> String {
    let name = kind.text().name;
    let mut chars = name.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// Whether an effect may have happened twice, or may come to.
pub(super) fn tone(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::DuplicateExecution | FindingKind::ForgottenRecord => "bad",
        _ => "warn",
    }
}

/// What a finding is called in an address: its kind and place, digested, as a
/// place may hold anything.
pub(super) fn id(finding: &Finding) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(finding.kind.text().name.as_bytes());
    hasher.update(&[0]);
    hasher.update(finding.place.as_bytes());
    hasher.finalize().to_hex()[..16].to_owned()
}
