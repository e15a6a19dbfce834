//! Rows as the statements return them, and as they must not be.

use std::time::Duration;

use super::*;
use crate::outcome::Previous;
use crate::record::State;

/// A row of any database.
enum Cell {
    Integer(i64),
    Bytes(Option<Vec<u8>>),
    Text(&'static str),
}
use Cell::{Bytes, Integer, Text};

struct Cells(Vec<Cell>);

impl Columns for Cells {
    fn integer(&self, column: usize) -> Result<i64, StoreError> {
        match self.0[column] {
            Integer(number) => Ok(number),
            _ => panic!("column {column} is no integer"),
        }
    }

    fn bytes(&self, column: usize) -> Result<Option<Vec<u8>>, StoreError> {
        match &self.0[column] {
            Bytes(bytes) => Ok(bytes.clone()),
            _ => panic!("column {column} holds no bytes"),
        }
    }

    fn text(&self, column: usize) -> Result<String, StoreError> {
        match self.0[column] {
            Text(text) => Ok(text.to_owned()),
            _ => panic!("column {column} is no text"),
        }
    }
}

fn claim_row(verdict: i64, previous: i64, answer: Option<Vec<u8>>) -> Cells {
    Cells(vec![
        Integer(verdict),
        Integer(previous),
        Integer(77),
        Bytes(Some(vec![2; 33])),
        Integer(5_000),
        Integer(-3),
        Integer(60_000_000),
        Integer(9),
        Bytes(answer),
        Bytes(Some(vec![1; 25])),
    ])
}

fn view_row(state: i64, remaining: i64, kind: Option<u8>) -> Cells {
    Cells(vec![
        Integer(state),
        Integer(77),
        Bytes(Some(vec![2; 33])),
        Integer(3),
        Integer(5_000),
        Integer(remaining),
        Integer(60_000_000),
        Integer(kind.map_or(-1, |_| 10)),
        Bytes(kind.map(|kind| vec![kind])),
        Text("pay"),
        Text("web-1"),
        Bytes(None),
    ])
}

#[test]
fn each_verdict_is_read_from_its_columns() {
    let claimed = claim_outcome(&claim_row(1, 4, None)).unwrap();
    let ago = Duration::from_micros(9);
    let previous = Previous::Expired {
        same_fingerprint: true,
        ago,
    };
    assert_eq!(
        claimed,
        ClaimOutcome::Claimed(Claimed::new(Fence::new(77), previous))
    );

    let running = claim_outcome(&claim_row(2, 0, None)).unwrap();
    let fingerprint = Fingerprint::from_bytes([2; 33]);
    let age = Duration::from_millis(5);
    assert_eq!(
        running,
        ClaimOutcome::Running(Running::new(fingerprint, age, Duration::ZERO))
    );

    let ClaimOutcome::Done(done) = claim_outcome(&claim_row(3, 0, Some(vec![2, 7]))).unwrap()
    else {
        panic!("it is done");
    };
    assert_eq!(done.answer, Answer::from_bytes(vec![2, 7]));
    assert_eq!(done.expires_in, Duration::from_mins(1));
    assert_eq!(done.trace, Some([1; 25]));
}

#[test]
fn what_no_statement_writes_is_corrupt() {
    let corrupt = |row| matches!(claim_outcome(&row), Err(StoreError::Corrupt { .. }));
    assert!(corrupt(claim_row(9, 0, None)), "an unknown verdict");
    assert!(corrupt(claim_row(1, 9, None)), "an unknown previous");
    assert!(corrupt(claim_row(3, 0, None)), "done without an answer");
    let mut row = claim_row(2, 0, None);
    row.0[3] = Bytes(Some(vec![2; 32]));
    assert!(corrupt(row), "a fingerprint that is too short");
    let mut row = claim_row(1, 0, None);
    row.0[2] = Integer(-1);
    assert!(corrupt(row), "a fence below zero");
}

#[test]
fn an_operator_sees_a_lease_that_ran_out_and_a_tombstone() {
    let state = |row| {
        view(RecordId::from_bytes([1; 32]), &row)
            .map(|view| view.state)
            .unwrap()
    };
    assert_eq!(state(view_row(1, 0, None)), State::Stuck);
    let remaining = Duration::from_micros(8);
    assert_eq!(state(view_row(1, 8, None)), State::Running { remaining });
    assert_eq!(state(view_row(4, 0, Some(4))), State::Tombstone);
    assert_eq!(state(view_row(4, 0, Some(1))), State::Done);

    let seen = view(RecordId::from_bytes([1; 32]), &view_row(4, 0, Some(1))).unwrap();
    assert_eq!((seen.answer_bytes, seen.attempts), (Some(10), 3));
    assert_eq!((&*seen.operation, &*seen.owner), ("pay", "web-1"));
}
