//! From a row to an outcome. The statements of every SQL store return the
//! same columns in the same order; integers are 64 bits wide and signed, and
//! durations are microseconds on the database's clock (invariant 7).

use sqlx::{ColumnIndex, Database, Decode, Row, Type};

use super::code::{self, Verdict};
use super::time::duration;
use crate::answer::{Answer, AnswerKind};
use crate::fingerprint::Fingerprint;
use crate::lease::Fence;
use crate::outcome::{ClaimOutcome, Claimed, Completion, Done, Running};
use crate::record::{RecordId, RecordView, State, Trace};
use crate::step::Steps;
use crate::store::StoreError;

/// A row whose columns this module can read, by number.
pub(crate) trait Columns {
    /// An integer.
    fn integer(&self, column: usize) -> Result<i64, StoreError>;
    /// Bytes, or none.
    fn bytes(&self, column: usize) -> Result<Option<Vec<u8>>, StoreError>;
    /// A text.
    fn text(&self, column: usize) -> Result<String, StoreError>;
}

impl<R: Row> Columns for R
where
    usize: ColumnIndex<R>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn integer(&self, column: usize) -> Result<i64, StoreError> {
        self.try_get(column)
            .map_err(|error| unreadable::<R::Database>(column, &error))
    }

    fn bytes(&self, column: usize) -> Result<Option<Vec<u8>>, StoreError> {
        self.try_get(column)
            .map_err(|error| unreadable::<R::Database>(column, &error))
    }

    fn text(&self, column: usize) -> Result<String, StoreError> {
        self.try_get(column)
            .map_err(|error| unreadable::<R::Database>(column, &error))
    }
}

/// Reads the row of a claim statement: verdict, previous, fence, fingerprint,
/// age, remaining, `expires_in`, ago, answer (to a claim that starts or goes
/// on, the steps so far; none to one that meets a running attempt), trace.
///
/// `ago` is how long ago the record that was claimed afresh had expired, 0 for
/// others. `remaining` is already clamped to the lease, and 0 without one.
pub(crate) fn claim_outcome(row: &impl Columns) -> Result<ClaimOutcome, StoreError> {
    let fence = fence(row.integer(2)?)?;
    let verdict = code::verdict(row.integer(0)?)?;
    if let Verdict::Claimed = verdict {
        let previous = code::previous(row.integer(1)?, duration(row.integer(7)?))?;
        let steps = row.bytes(8)?.map_or(Steps::none(), Steps::from_bytes);
        let claimed = Claimed::new(fence, previous).with_steps(steps);
        return Ok(ClaimOutcome::Claimed(claimed));
    }
    let fingerprint = Fingerprint::from_bytes(array("fingerprint", row.bytes(3)?)?);
    let age = duration(row.integer(4)?);
    if let Verdict::Running = verdict {
        let remaining = duration(row.integer(5)?);
        return Ok(ClaimOutcome::Running(Running::new(
            fingerprint,
            age,
            remaining,
        )));
    }
    let answer = row.bytes(8)?.ok_or_else(|| StoreError::Corrupt {
        what: "a finished record without an answer".to_owned(),
    })?;
    let expires_in = duration(row.integer(6)?);
    let mut done = Done::new(Answer::from_bytes(answer), fingerprint, age, expires_in);
    done.trace = trace(row.bytes(9)?)?;
    Ok(ClaimOutcome::Done(done))
}

/// Reads the first column of a completing statement's row.
pub(crate) fn completion(row: &impl Columns) -> Result<Completion, StoreError> {
    code::completion(row.integer(0)?)
}

/// Reads the row of an inspecting statement: state, fence, fingerprint,
/// attempts, age, remaining (clamped to the lease), `expires_in`, size of the
/// answer (-1 without one), first byte of the answer (none without one),
/// operation, owner, trace.
pub(crate) fn view(id: RecordId, row: &impl Columns) -> Result<RecordView, StoreError> {
    let kind = row.bytes(8)?;
    let is_tombstone =
        kind.is_some_and(|kind| kind.first() == Some(&(AnswerKind::Tombstone as u8)));
    let state = code::shown(row.integer(0)?, duration(row.integer(5)?), is_tombstone)?;
    let fence = fence(row.integer(1)?)?;
    let fingerprint = Fingerprint::from_bytes(array("fingerprint", row.bytes(2)?)?);
    let mut view = RecordView::new(id, state, fence, fingerprint);
    view.attempts = u32::try_from(row.integer(3)?).unwrap_or(u32::MAX);
    view.age = duration(row.integer(4)?);
    view.expires_in = duration(row.integer(6)?);
    // Before the end it has steps, and no answer.
    if matches!(view.state, State::Done | State::Tombstone) {
        view.answer_bytes = u64::try_from(row.integer(7)?).ok();
    }
    view.operation = row.text(9)?;
    view.owner = row.text(10)?;
    view.trace = trace(row.bytes(11)?)?;
    Ok(view)
}

/// Reads the row of a statement that returns an answer.
pub(crate) fn answer(row: &impl Columns) -> Result<Option<Answer>, StoreError> {
    Ok(row.bytes(0)?.map(Answer::from_bytes))
}

fn fence(number: i64) -> Result<Fence, StoreError> {
    let number = u64::try_from(number).map_err(|_| StoreError::Corrupt {
        what: format!("the fence {number}, which is below zero"),
    })?;
    Ok(Fence::new(number))
}

fn trace(bytes: Option<Vec<u8>>) -> Result<Option<Trace>, StoreError> {
    bytes.map(|bytes| array("trace", Some(bytes))).transpose()
}

pub(super) fn array<const N: usize>(
    column: &str,
    bytes: Option<Vec<u8>>,
) -> Result<[u8; N], StoreError> {
    let bytes = bytes.unwrap_or_default();
    let length = bytes.len();
    bytes.try_into().map_err(|_| StoreError::Corrupt {
        what: format!("a {column} of {length} bytes instead of {N}"),
    })
}

/// The error's text may hold what was read: only its kind is told.
fn unreadable<D: Database>(column: usize, error: &sqlx::Error) -> StoreError {
    let how = match error {
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => "is of another type",
        _ => "is missing",
    };
    StoreError::Corrupt {
        what: format!("column {column} of a row from {} {how}", D::NAME),
    }
}

#[cfg(test)]
mod tests;
