//! What a failure of the client library means to a ledger.

use std::io;

use sqlx::error::ErrorKind;

use crate::payments::ledger::LedgerError;

/// Only kinds and codes are passed on: messages may hold names and values.
impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => {
                let code = error.code().unwrap_or_default().into_owned();
                let why = format!("its code is {code}");
                match error.kind() {
                    ErrorKind::Other if passes(&code) => Self::Unavailable { why },
                    _ => Self::Refused { why },
                }
            }
            sqlx::Error::Io(error) => Self::Unavailable {
                why: match error.raw_os_error() {
                    Some(number) => format!("{} (os error {number})", error.kind()),
                    None => error.kind().to_string(),
                },
            },
            sqlx::Error::PoolTimedOut => Self::Unavailable {
                why: "no connection was free in time".to_owned(),
            },
            sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => Self::Unavailable {
                why: io::ErrorKind::ConnectionAborted.to_string(),
            },
            sqlx::Error::BeginFailed => Self::Unavailable {
                why: "no transaction could be opened".to_owned(),
            },
            sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => Self::Refused {
                why: "a column holds what this version does not write".to_owned(),
            },
            _ => Self::Refused {
                why: "the client library failed".to_owned(),
            },
        }
    }
}

/// Whether the same statement may well succeed later: a lost connection, a
/// server that stops or starts, others in the way. SQLite's codes are numbers;
/// the low byte of an extended one is 5 (busy) or 6 (locked).
fn passes(code: &str) -> bool {
    let classes = ["08", "40", "57P", "53"];
    let number = code
        .parse::<u32>()
        .is_ok_and(|code| matches!(code & 0xff, 5 | 6));
    classes.iter().any(|class| code.starts_with(class)) || (code.len() < 5 && number)
}
