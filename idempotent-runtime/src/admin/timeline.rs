//! A record's life in moments. The store tells durations on its own clock;
//! what it does not tell is derived from the operation's times, and says so.

use std::time::Duration;

use super::frame::Frame;
use super::moment::Moment;
use super::shown;
use crate::contract::OperationContract;
use crate::record::{RecordView, State};

pub(super) struct Event {
    pub(super) name: &'static str,
    pub(super) at: Option<Moment>,
    /// From now: `4 min ago`, `in 2 h`.
    pub(super) relative: String,
    pub(super) note: String,
    pub(super) is_ahead: bool,
}

pub(super) fn of(frame: &Frame, view: &RecordView) -> Vec<Event> {
    let mut events = vec![Event::past(
        frame,
        "Claimed",
        view.age,
        format!("attempt {}", shown::count(view.attempts.into())),
    )];
    match view.state {
        State::Running { remaining } => {
            events.push(renewed(frame, view, remaining));
            let note = "unless it is renewed before".to_owned();
            events.push(Event::ahead(frame, "Lease ends", remaining, note));
        }
        State::Stuck => events.push(Event::unknown("Lease ended", "not renewed in its time")),
        State::Free(_) => events.push(Event::unknown("Released", "without a final answer")),
        State::Done | State::Tombstone => events.push(done(frame, view)),
    }
    let note = match view.state {
        State::Done | State::Tombstone => "after it a request with this key runs again",
        _ => "unless an attempt finishes before",
    };
    events.push(Event::ahead(
        frame,
        "Expires",
        view.expires_in,
        note.to_owned(),
    ));
    events
}

/// By this process's own heartbeat, or by what is left of the lease.
fn renewed(frame: &Frame, view: &RecordView, remaining: Duration) -> Event {
    let idempotency = frame.panel.idempotency();
    let own = idempotency.engine.in_flight();
    let own = own
        .iter()
        .find(|it| it.id == view.id && it.fence == view.fence);
    if let Some(own) = own {
        let note = format!(
            "by this process, lease {}",
            shown::span(own.lease.duration())
        );
        return Event::past(frame, "Renewed", own.unproven, note);
    }
    let contract = idempotency.spec();
    let spec = contract.operation(&view.operation);
    let lease = spec.and_then(|it| it.spec().lease);
    let lease = lease.unwrap_or(idempotency.engine.settings.lease.duration());
    match lease.checked_sub(remaining) {
        Some(ago) if spec.is_some() => {
            let note = format!("by the operation's lease of {}", shown::span(lease));
            Event::past(frame, "Renewed", ago.min(view.age), note)
        }
        _ => Event::unknown("Renewed", "by another process; when is not kept"),
    }
}

/// By what is left of the ttl.
fn done(frame: &Frame, view: &RecordView) -> Event {
    let contract = frame.panel.idempotency().spec();
    let ttl = contract
        .operation(&view.operation)
        .map(OperationContract::ttl);
    match ttl.and_then(|ttl| ttl.checked_sub(view.expires_in)) {
        Some(ago) if ago <= view.age => {
            let ran = shown::span(view.age.saturating_sub(ago));
            Event::past(
                frame,
                "Done",
                ago,
                format!("after {ran}, by the operation's ttl"),
            )
        }
        _ => Event::unknown("Done", "when is not kept"),
    }
}

impl Event {
    fn past(frame: &Frame, name: &'static str, ago: Duration, note: String) -> Self {
        Self {
            name,
            at: Some(frame.now.before(ago)),
            relative: format!("{} ago", shown::span(ago)),
            note,
            is_ahead: false,
        }
    }

    fn ahead(frame: &Frame, name: &'static str, later: Duration, note: String) -> Self {
        Self {
            name,
            at: Some(frame.now.after(later)),
            relative: format!("in {}", shown::left(later)),
            note,
            is_ahead: true,
        }
    }

    fn unknown(name: &'static str, note: &str) -> Self {
        Self {
            name,
            at: None,
            relative: String::new(),
            note: note.to_owned(),
            is_ahead: false,
        }
    }
}
