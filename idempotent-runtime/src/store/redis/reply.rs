//! From what the scripts return to outcomes. Durations are differences on the
//! server's clock (invariant 7).

use std::time::Duration;

use bytes::Bytes;
use redis::Value;

use super::packed::{Packed, State as Stored, Unreadable};
use crate::answer::{Answer, AnswerKind};
use crate::outcome::{
    ClaimOutcome, Claimed, Completion, Done, Operated, Ownership, Previous, Running, Winner,
};
use crate::record::{RecordId, RecordView, State, StoreTime};
use crate::step::Steps;
use crate::store::{Claim, StoreError};

/// The claim's verdict, by the record that it made or found.
pub(super) fn claim(value: Value, claim: &Claim<'_>) -> Result<ClaimOutcome, StoreError> {
    let Value::Array(values) = value else {
        return Err(unknown("claim"));
    };
    let mut values = values.into_iter();
    let (Some(Value::Int(now)), Some(Value::BulkString(value))) = (values.next(), values.next())
    else {
        return Err(unknown("claim"));
    };
    let ago = match values.next() {
        None => Duration::ZERO,
        Some(Value::Int(ago)) => micros(ago),
        Some(_) => return Err(unknown("claim")),
    };
    let (now, value) = (time(now), Bytes::from(value));
    let record = Packed::read(&value).map_err(|what| unreadable(claim.id, &what))?;
    let age = since(record.started, now);
    Ok(match record.state {
        Stored::Running if record.token == claim.token => {
            let previous = match record.previous {
                Previous::Expired {
                    same_fingerprint, ..
                } => Previous::Expired {
                    same_fingerprint,
                    ago,
                },
                previous => previous,
            };
            let steps = Steps::from_bytes(value.slice(record.answer_at..));
            ClaimOutcome::Claimed(Claimed::new(record.fence, previous).with_steps(steps))
        }
        Stored::Running | Stored::Free(_) => ClaimOutcome::Running(Running::new(
            record.fingerprint,
            age,
            remaining(&record, now),
        )),
        Stored::Done => {
            let expires_in = since(now, record.expires_at);
            let answer = Answer::from_bytes(value.slice(record.answer_at..));
            let mut done = Done::new(answer, record.fingerprint, age, expires_in);
            done.trace = record.trace;
            ClaimOutcome::Done(done)
        }
    })
}

/// What an operator may see of a record, if there is one that lives.
pub(super) fn view(value: &Value, id: RecordId) -> Result<Option<RecordView>, StoreError> {
    let Value::Array(values) = value else {
        return Err(unknown("inspect"));
    };
    let [Value::Int(now), Value::BulkString(head), Value::Int(length)] = &values[..] else {
        return Err(unknown("inspect"));
    };
    if head.is_empty() {
        return Ok(None);
    }
    let view = seen(head, id, time(*now)).map_err(|what| unreadable(id, &what))?;
    Ok(view.map(|(mut view, answer_at)| {
        if matches!(view.state, State::Done | State::Tombstone) {
            view.answer_bytes = Some(time(*length).saturating_sub(answer_at as u64));
        }
        view
    }))
}

/// The same of a value's first bytes, whose length is not known.
pub(super) fn listed(
    head: &[u8],
    id: RecordId,
    now: StoreTime,
) -> Result<Option<RecordView>, Unreadable> {
    Ok(seen(head, id, now)?.map(|(view, _)| view))
}

/// The answer of a record that is done.
pub(super) fn answer(value: Value, id: RecordId) -> Result<Option<Answer>, StoreError> {
    let Value::Array(values) = value else {
        return Err(unknown("answer"));
    };
    let [Value::Int(now), Value::BulkString(value)] = &values[..] else {
        return Err(unknown("answer"));
    };
    if value.is_empty() {
        return Ok(None);
    }
    let record = Packed::read(value).map_err(|what| unreadable(id, &what))?;
    let lives = record.state == Stored::Done && record.expires_at > time(*now);
    Ok(lives.then(|| Answer::from_bytes(value[record.answer_at..].to_vec())))
}

/// A record that lives, as its head shows it, and where its answer begins.
fn seen(
    head: &[u8],
    id: RecordId,
    now: StoreTime,
) -> Result<Option<(RecordView, usize)>, Unreadable> {
    let record = Packed::read(head)?;
    if record.expires_at <= now {
        return Ok(None);
    }
    let remaining = remaining(&record, now);
    let state = match record.state {
        Stored::Running if remaining.is_zero() => State::Stuck,
        Stored::Running => State::Running { remaining },
        Stored::Free(reason) => State::Free(reason),
        Stored::Done if head.get(record.answer_at) == Some(&(AnswerKind::Tombstone as u8)) => {
            State::Tombstone
        }
        Stored::Done => State::Done,
    };
    let mut view = RecordView::new(id, state, record.fence, record.fingerprint);
    view.attempts = record.attempts;
    view.age = since(record.started, now);
    view.expires_in = since(now, record.expires_at);
    record.operation.clone_into(&mut view.operation);
    record.owner.clone_into(&mut view.owner);
    view.trace = record.trace;
    Ok(Some((view, record.answer_at)))
}

pub(super) fn completion(value: &Value) -> Result<Completion, StoreError> {
    Ok(match value {
        Value::Int(0) => Completion::Stored,
        Value::Int(1) => Completion::Lost(Winner::Running),
        Value::Int(2) => Completion::Lost(Winner::Done),
        Value::Int(3) => Completion::Lost(Winner::None),
        _ => return Err(refused("complete", value)),
    })
}

pub(super) fn ownership(verb: &str, value: &Value) -> Result<Ownership, StoreError> {
    Ok(match value {
        Value::Int(1) => Ownership::Held,
        Value::Int(0) => Ownership::Lost,
        _ => return Err(refused(verb, value)),
    })
}

pub(super) fn operated(verb: &str, value: &Value) -> Result<Operated, StoreError> {
    Ok(match value {
        Value::Int(1) => Operated::Applied,
        Value::Int(0) => Operated::Refused,
        _ => return Err(refused(verb, value)),
    })
}

/// Until the lease runs out: at most the lease, though the clock stepped
/// back; nothing without one.
fn remaining(record: &Packed<'_>, now: StoreTime) -> Duration {
    match record.state {
        Stored::Running => since(now, record.lease_until).min(record.lease),
        Stored::Free(_) | Stored::Done => Duration::ZERO,
    }
}

/// From `earlier` to `later`; nothing if the clock went the other way.
fn since(earlier: StoreTime, later: StoreTime) -> Duration {
    Duration::from_micros(later.saturating_sub(earlier))
}

fn time(number: i64) -> StoreTime {
    u64::try_from(number).unwrap_or(0)
}

fn micros(number: i64) -> Duration {
    Duration::from_micros(time(number))
}

/// The scripts' own word for a record of another format.
fn refused(verb: &str, value: &Value) -> StoreError {
    match value {
        Value::Int(4) => StoreError::Corrupt {
            what: format!("a record of another format, met by {verb}"),
        },
        _ => unknown(verb),
    }
}

fn unknown(verb: &str) -> StoreError {
    StoreError::Corrupt {
        what: format!("what the server returned to {verb} is of another type"),
    }
}

fn unreadable(id: RecordId, what: &str) -> StoreError {
    StoreError::Corrupt {
        what: format!("the record {id} is one with {what}"),
    }
}
