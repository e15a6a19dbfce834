//! What SQLite's refusals mean, by result code: its messages may contain
//! values or paths, and are not passed on.

use std::time::Duration;

use sqlx::error::DatabaseError;

use crate::store::StoreError;
use crate::store::sql::{self, TableName};

/// When a full file may have room again.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// Why a verb that writes was not carried out.
#[derive(Debug)]
pub(super) enum Failed {
    /// SQLite refused, and may have rolled back all of its transaction.
    Refused(sqlx::Error),
    /// It answered, and the answer is this.
    Answered(StoreError),
}

impl From<sqlx::Error> for Failed {
    fn from(error: sqlx::Error) -> Self {
        Self::Refused(error)
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Answered(error)
    }
}

/// The error of `verb` on `table`.
pub(super) fn failure(verb: &'static str, table: &TableName, error: &sqlx::Error) -> StoreError {
    sql::failure(verb, error, |error| refused(verb, table, error))
}

/// The error of `verb` inside a transaction: what became of that.
pub(super) fn failure_within(verb: &'static str, error: &sqlx::Error) -> StoreError {
    sql::failure(verb, error, |error| {
        let code = primary(error);
        let why = match code {
            5 | 6 => return StoreError::Conflict { verb },
            13 => {
                return StoreError::Full {
                    retry_after: RETRY_AFTER,
                };
            }
            1 if ["no such savepoint", "cannot commit", "cannot rollback"]
                .iter()
                .any(|said| error.message().starts_with(said)) =>
            {
                return lost_before(verb);
            }
            19 => "a constraint does not hold",
            9 => "it was interrupted",
            7 | 10 => return StoreError::unavailable(verb, reason(code)),
            _ if verb == "commit" => "the commit was refused",
            _ => {
                let what = format!(
                    "SQLite refused {verb} inside a transaction with result code {code}; call \
                     `SqliteStore::check` to see why"
                );
                return StoreError::Misconfigured { what };
            }
        };
        let why = format!("{why} (result code {code})");
        StoreError::RolledBack { verb, why }
    })
}

/// The transaction was over before `verb`.
pub(super) fn lost_before(verb: &'static str) -> StoreError {
    let why = "SQLite had ended it at an earlier error (a full disk, `ON CONFLICT ROLLBACK`), and \
               commits at once what is written after that; let that error reach the caller";
    StoreError::RolledBack {
        verb,
        why: why.to_owned(),
    }
}

/// Whether somebody else holds the file's lock.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if primary(error.as_ref()) == 5)
}

/// The primary result code, without its extension.
fn primary(error: &dyn DatabaseError) -> i32 {
    let code = error.code().and_then(|code| code.parse::<i32>().ok());
    code.unwrap_or_default() & 0xff
}

fn refused(verb: &'static str, table: &TableName, error: &dyn DatabaseError) -> StoreError {
    let code = primary(error);
    let table = table.shown();
    let wrong = match code {
        1 if error.message().starts_with("no such table") => format!(
            "the SQLite file has no table {table}; call `SqliteStore::migrate` once, or run the \
             SQL in the documentation of `store::sqlite`"
        ),
        1 | 19 | 20 => format!(
            "the table {table} is not as this version needs it (result code {code}); call \
             `SqliteStore::check` to see why, and `migrate` to mend it"
        ),
        3 | 8 | 23 => "this process may not write to the SQLite file; give its user the right to \
             write to the file and to its directory, where the -wal and -shm files lie, and open \
             it without `mode=ro`"
            .to_owned(),
        14 => "the SQLite file cannot be opened; check its path, that its directory exists, and \
             that this process may write there"
            .to_owned(),
        18 => "the answer is longer than this SQLite stores; lower the limit for stored answers"
            .to_owned(),
        26 => "the file is no SQLite database; check its path".to_owned(),
        11 => {
            return StoreError::Corrupt {
                what: "the SQLite file itself is damaged; run `PRAGMA integrity_check`, and \
                       restore it from a backup"
                    .to_owned(),
            };
        }
        13 if verb == "claim" => {
            return StoreError::Full {
                retry_after: RETRY_AFTER,
            };
        }
        code => {
            let why = format!("SQLite refused with result code {code} ({})", reason(code));
            return StoreError::unavailable(verb, why);
        }
    };
    StoreError::Misconfigured { what: wrong }
}

fn reason(code: i32) -> &'static str {
    match code {
        5 | 6 => {
            "another connection held the file's lock for longer than the busy timeout; keep \
             transactions that write short"
        }
        7 => "it is out of memory",
        9 => "it was interrupted",
        10 => "reading or writing the file failed; look at the system's log",
        13 => "the disk is full, or the file has reached max_page_count",
        _ => "see the list of result codes in its manual",
    }
}
