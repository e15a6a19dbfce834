//! The shapes of JSON: names in snake case, times in seconds, moments in UTC,
//! what is not known is null.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::answer_shown::{AnswerShown, BodyShown};
use super::super::frame::Frame;
use super::super::moment::Moment;
use super::super::store_health::Health;
use super::super::{finding_rows, findings, link, state_words};
use crate::engine::InFlight;
use crate::findings::Finding;
use crate::lease::Fence;
use crate::record::{RecordView, State};
use crate::store::Count;

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

pub(super) fn record(frame: &Frame, view: &RecordView) -> Value {
    let remaining = match view.state {
        State::Running { remaining } => Some(seconds(remaining)),
        _ => None,
    };
    let kept = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    json!({
        "id": view.id.to_string(),
        "operation": kept(&view.operation),
        "state": state_words::code(view.state),
        "fence": view.fence.get(),
        "attempts": view.attempts,
        "owner": kept(&view.owner),
        "started": frame.now.before(view.age).iso(),
        "age_seconds": seconds(view.age),
        "lease_remaining_seconds": remaining,
        "expires_in_seconds": seconds(view.expires_in),
        "fingerprint": link::hex(view.fingerprint.as_bytes()),
        "answer_bytes": view.answer_bytes,
        "trace_id": view.trace.map(|trace| link::hex(&trace[..16])),
    })
}

pub(super) fn answer(answer: AnswerShown) -> Value {
    let headers = answer.headers.into_iter();
    let headers: Vec<_> = headers
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let body = match answer.body {
        BodyShown::None(why) => json!({ "shown": "none", "why": why }),
        BodyShown::Closed => json!({ "shown": "closed" }),
        BodyShown::Text { text, cut } => json!({ "shown": "text", "text": text, "cut": cut }),
        BodyShown::Hex { text, cut } => json!({ "shown": "hex", "hex": text, "cut": cut }),
    };
    json!({ "kind": answer.kind, "headers": headers, "body": body })
}

pub(super) fn finding(finding: &Finding) -> Value {
    let example = &finding.example;
    json!({
        "id": finding_rows::id(finding),
        "kind": findings::code(finding.kind),
        "place": finding.place,
        "what": finding.what(),
        "why": finding.why(),
        "action": finding.action(),
        "count": finding.count,
        "first_seen": Moment::of(finding.first_seen).iso(),
        "last_seen": Moment::of(finding.last_seen).iso(),
        "example": {
            "record": example.record.map(|id| id.to_string()),
            "fence": example.fence.map(Fence::get),
            "ago_seconds": example.ago.map(seconds),
            "lease_seconds": example.lease.map(seconds),
            "lease_used": example.lease_used,
            "ttl_seconds": example.ttl.map(seconds),
            "effect": example.effect,
        },
    })
}

pub(super) fn in_flight(attempt: &InFlight) -> Value {
    json!({
        "id": attempt.id.to_string(),
        "operation": attempt.operation,
        "fence": attempt.fence.get(),
        "age_seconds": seconds(attempt.age),
        "lease_seconds": seconds(attempt.lease.duration()),
        "since_renewal_seconds": seconds(attempt.unproven),
        "is_lost": attempt.is_lost,
    })
}

pub(super) fn store(kind: &str, health: &Health) -> Value {
    let count = |count: Option<Count>| {
        count.map(|it| json!({ "records": it.records, "is_exact": it.is_exact }))
    };
    json!({
        "kind": kind,
        "is_up": health.is_up(),
        "failure": health.failure,
        "answered_in_seconds": health.answered_in.map(seconds),
        "records": health.stats.map(|it| json!({
            "running": count(it.running),
            "stuck": count(it.stuck),
            "done": count(it.done),
            "expired": count(it.expired),
        })),
    })
}
