//! What the server's refusals mean, by error number: its messages may contain
//! values or the user's name, and are not passed on.

use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::mysql::MySqlDatabaseError;

use crate::store::StoreError;
use crate::store::sql::{self, TableName};

/// When a full disk may have room again.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// The error of `verb` on `table`.
pub(super) fn failure(verb: &'static str, table: &TableName, error: &sqlx::Error) -> StoreError {
    sql::failure(verb, error, |error| refused(verb, table, error))
}

/// Whether another transaction was in the way, so that nothing was done: a
/// deadlock (1213), a lock that was not free in time (1205), or a newer row
/// than the statement's snapshot (1020).
pub(super) fn was_in_the_way(error: &sqlx::Error) -> bool {
    matches!(of(error), Some(1020 | 1205 | 1213))
}

/// Whether the connection was lost: an idle one, usually, when the server
/// restarted. What was asked may have been done.
pub(super) fn was_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        // Shutting down, or the connection was killed, or was idle for too long.
        error => matches!(of(error), Some(1053 | 1317 | 1927 | 4031)),
    }
}

/// The error of `verb` inside a transaction: what became of that.
pub(super) fn failure_within(verb: &'static str, error: &sqlx::Error) -> StoreError {
    sql::failure(verb, error, |error| {
        let number = number(error);
        let why = match number {
            1020 | 1205 | 1213 | 3572 => return StoreError::Conflict { verb },
            1053 | 1927 | 4031 => return StoreError::unavailable(verb, reason(number)),
            // Whether it took place is not said.
            1180 | 1317 if verb == "commit" => {
                return StoreError::unavailable(verb, reason(number));
            }
            1317 => "a statement of it was cancelled",
            1969 | 3024 => "a statement of it took longer than its lease; lengthen `lease`",
            1305 => {
                "it was over before: a statement of the body met a deadlock, or committed by \
                 itself, as those do that change a schema"
            }
            1153 => {
                "the answer is longer than the server takes; raise max_allowed_packet, or lower \
                 the limit for stored answers"
            }
            1290 | 1792 | 1836 | 1021 | 1114 | 1037 | 1041 => reason(number),
            _ if verb == "commit" => "the commit was refused",
            _ => {
                let what = format!(
                    "the server refused {verb} inside a transaction (error {number}); call \
                     `MySqlStore::check` to see why, and `migrate` to mend it"
                );
                return StoreError::Misconfigured { what };
            }
        };
        let why = format!("{why} (error {number})");
        StoreError::RolledBack { verb, why }
    })
}

/// Whether the statement's table is not there.
pub(super) fn is_missing(error: &sqlx::Error) -> bool {
    of(error) == Some(1146)
}

fn of(error: &sqlx::Error) -> Option<u16> {
    match error {
        sqlx::Error::Database(error) => Some(number(error.as_ref())),
        _ => None,
    }
}

fn number(error: &dyn DatabaseError) -> u16 {
    error
        .try_downcast_ref::<MySqlDatabaseError>()
        .map_or(0, MySqlDatabaseError::number)
}

fn refused(verb: &'static str, table: &TableName, error: &dyn DatabaseError) -> StoreError {
    let number = number(error);
    let table = table.shown();
    let wrong = match number {
        1146 => format!(
            "the database has no table {table}; call `MySqlStore::migrate` once, or run the SQL \
             in the documentation of `store::mysql`"
        ),
        1048 | 1054 | 1136 | 1264 | 1265 | 1364 | 1366 | 1406 => format!(
            "the table {table} is not as this version needs it (error {number}); call \
             `MySqlStore::check` to see why, and `migrate` to mend it"
        ),
        1142 | 1143 | 1044 if verb == "migrate" => format!(
            "the user may not create {table}; migrate as a user that may, or run the SQL in the \
             documentation of `store::mysql` as one"
        ),
        1142 | 1143 => missing_rights(&table, "SELECT, INSERT, UPDATE, DELETE"),
        1044 | 1045 | 1130 | 1698 => "the server refused the user, its password or its host; \
             check the URL, and the user's grants"
            .to_owned(),
        1046 | 1049 => {
            "there is no database of the URL's name; create it, or check the name".to_owned()
        }
        1064 | 1235 | 1305 => format!(
            "the server does not understand a statement (error {number}); take MariaDB 10.6 or \
             later, or MySQL 8.0.19 or later"
        ),
        1153 => "the answer is longer than the server takes; raise max_allowed_packet, or lower \
             the limit for stored answers"
            .to_owned(),
        1021 | 1037 | 1041 | 1114 if verb == "claim" => {
            return StoreError::Full {
                retry_after: RETRY_AFTER,
            };
        }
        number => {
            let why = format!(
                "the server refused with error {number} ({})",
                reason(number)
            );
            return StoreError::unavailable(verb, why);
        }
    };
    StoreError::Misconfigured { what: wrong }
}

/// Says which rights are missing, and how to grant them.
pub(super) fn missing_rights(table: &str, rights: &str) -> String {
    format!(
        "the user lacks rights on the table {table}; as an administrator, GRANT {rights} ON \
         {table} TO the user"
    )
}

fn reason(number: u16) -> &'static str {
    match number {
        1021 | 1114 => "its disk, or the table, is full",
        1037 | 1041 => "it is out of memory",
        1040 | 1203 | 1226 => {
            "too many connections: lower the pools' sizes, or raise max_connections"
        }
        1020 | 1205 | 1213 => "other transactions were in the way, again and again",
        1053 => "it is shutting down",
        1290 | 1792 | 1836 => "it is read-only: a replica, perhaps",
        1180 => "its commit failed inside",
        1317 | 1927 => "the connection was killed",
        4031 => "the connection was idle for too long",
        1969 | 3024 => "the statement ran into a timeout",
        _ => "see the list of error codes in its manual",
    }
}
