//! What PostgreSQL's refusals mean, by SQLSTATE: its messages may contain
//! values or the role's name, and are not passed on.

use std::time::Duration;

use sqlx::error::DatabaseError;

use crate::store::StoreError;
use crate::store::sql::{self, TableName};

/// When a full disk may have room again.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// The error of `verb` on `table`.
pub(super) fn failure(verb: &'static str, table: &TableName, error: &sqlx::Error) -> StoreError {
    sql::failure(verb, error, |error| refused(verb, table, error))
}

/// A failure after which the same statement may well succeed.
pub(super) enum Passing {
    /// The connection was lost: another one may be had.
    Lost,
    /// Another transaction was in the way. Where the pool's transactions are
    /// REPEATABLE READ or stricter, every meeting of two claims ends so.
    Conflict,
}

impl Passing {
    pub(super) fn of(error: &sqlx::Error) -> Option<Self> {
        match error {
            sqlx::Error::Io(_) => Some(Self::Lost),
            sqlx::Error::Database(error) => match error.code().as_deref()? {
                "57P01" | "57P02" => Some(Self::Lost),
                "40001" | "40P01" => Some(Self::Conflict),
                code => code.starts_with("08").then_some(Self::Lost),
            },
            _ => None,
        }
    }
}

/// The error of `verb` inside a transaction: what became of that.
pub(super) fn failure_within(verb: &'static str, error: &sqlx::Error) -> StoreError {
    sql::failure(verb, error, |error| {
        let code = error.code().unwrap_or_default();
        let why = match &*code {
            "40001" | "40P01" | "55P03" => return StoreError::Conflict { verb },
            "25P02" => "an earlier statement of it had failed; let that error reach the caller",
            "25P03" => {
                "it was idle for longer than its lease; lengthen `lease`, or do slow work before it"
            }
            "25P04" => "it took longer than the server's transaction_timeout",
            "57014" => {
                "a statement of it took longer than its lease, or was cancelled; lengthen `lease`"
            }
            "57P01" | "57P02" | "57P03" => return StoreError::unavailable(verb, reason(&code)),
            code if code.starts_with("08") => {
                return StoreError::unavailable(verb, "the connection failed");
            }
            code if code.starts_with("23") => {
                "a constraint that was checked at its end does not hold"
            }
            _ if verb == "commit" => "the commit was refused",
            _ => {
                let what = format!(
                    "PostgreSQL refused {verb} inside a transaction (SQLSTATE {code}); call \
                     `PostgresStore::check` to see why"
                );
                return StoreError::Misconfigured { what };
            }
        };
        let why = format!("{why} (SQLSTATE {code})");
        StoreError::RolledBack { verb, why }
    })
}

fn refused(verb: &'static str, table: &TableName, error: &dyn DatabaseError) -> StoreError {
    let code = error.code().unwrap_or_default();
    let table = table.shown();
    let wrong = match &*code {
        "42P01" | "3F000" => format!(
            "PostgreSQL has no table {table}; call `PostgresStore::migrate` once, or run the SQL \
             in the documentation of `store::postgres`"
        ),
        "42703" | "42804" | "42883" | "42P10" | "23502" | "23514" => format!(
            "the table {table} is not as this version needs it (SQLSTATE {code}); call \
             `PostgresStore::check` to see why, and `migrate` to mend it"
        ),
        "42501" if verb == "migrate" => format!(
            "the role may not create {table}; migrate as a role that owns the schema, or run the \
             SQL in the documentation of `store::postgres` as one"
        ),
        "42501" => return missing_rights(&table, "SELECT, INSERT, UPDATE, DELETE"),
        "28000" | "28P01" => "PostgreSQL refused the role or password of the URL; check both, and \
             the server's pg_hba.conf"
            .to_owned(),
        "3D000" => {
            "PostgreSQL has no database of the URL's name; create it, or check the name".to_owned()
        }
        "22021" | "22P05" => "the database's encoding cannot hold the name of the operation or of \
             the owner; use a database in UTF8, and names without NUL"
            .to_owned(),
        "53100" | "53200" if verb == "claim" => {
            return StoreError::Full {
                retry_after: RETRY_AFTER,
            };
        }
        code => {
            let why = format!("PostgreSQL refused with SQLSTATE {code} ({})", reason(code));
            return StoreError::unavailable(verb, why);
        }
    };
    StoreError::Misconfigured { what: wrong }
}

/// Says which rights are missing, and how to grant them.
pub(super) fn missing_rights(table: &str, rights: &str) -> StoreError {
    StoreError::Misconfigured {
        what: format!(
            "the role lacks rights on the table {table}; as its owner, GRANT {rights} ON {table} \
             TO the role, and USAGE on its schema"
        ),
    }
}

fn reason(code: &str) -> &'static str {
    match code {
        "25006" => "the server is read-only: a standby, perhaps",
        "53100" => "its disk is full",
        "53200" => "it is out of memory",
        "53300" => "too many connections: lower the pools' sizes, or raise max_connections",
        "55P03" => "a lock was not free in time",
        "57014" => "the statement ran into a timeout",
        "57P01" | "57P02" => "it is shutting down",
        "57P03" => "it is starting up, or in recovery",
        "40001" | "40P01" => "other transactions were in the way",
        _ => "see the appendix on error codes in its manual",
    }
}
