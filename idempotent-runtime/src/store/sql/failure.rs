//! What a failure of the client library means. Its texts may contain values,
//! names or the URL's userinfo, so that only kinds and codes are passed on.

use std::io;

use sqlx::error::DatabaseError;

use crate::store::StoreError;

/// The error of `verb`. What the server itself refused is for `database` to
/// judge, by its code; everything else may have happened or not.
pub(crate) fn failure(
    verb: &'static str,
    error: &sqlx::Error,
    database: impl FnOnce(&dyn DatabaseError) -> StoreError,
) -> StoreError {
    match error {
        sqlx::Error::Database(error) => database(error.as_ref()),
        sqlx::Error::Configuration(_) | sqlx::Error::InvalidArgument(_) => {
            StoreError::Misconfigured {
                what: "the database's URL or options cannot be used; check its parts, and that \
                       special characters in them are percent-encoded"
                    .to_owned(),
            }
        }
        sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::Decode(_)
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::ColumnIndexOutOfBounds { .. }
        | sqlx::Error::TypeNotFound { .. } => StoreError::Corrupt {
            what: format!("what the database returned to {verb} is of another type"),
        },
        sqlx::Error::Io(error) => StoreError::unavailable(verb, describe(error)),
        other => StoreError::unavailable(verb, kind(other)),
    }
}

/// The kind, and the system's number where there is one.
fn describe(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(number) => format!("connection failed: {} (os error {number})", error.kind()),
        None => format!("connection failed: {}", error.kind()),
    }
}

fn kind(error: &sqlx::Error) -> &'static str {
    match error {
        sqlx::Error::Tls(_) => "the TLS handshake failed; check the certificates and `sslmode`",
        sqlx::Error::PoolTimedOut => {
            "no connection was free in time; check that the database can be reached, and that \
             the pool is large enough"
        }
        sqlx::Error::PoolClosed => "the pool is closed",
        sqlx::Error::WorkerCrashed => "the client's worker thread ended",
        sqlx::Error::Protocol(_) => "the server's reply was not understood",
        sqlx::Error::RowNotFound => "the statement returned no row",
        _ => "the client library failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error;

    fn told(error: &sqlx::Error) -> String {
        let error = failure("claim", error, |_| unreachable!("not the server's"));
        let source = error.source().map(ToString::to_string).unwrap_or_default();
        format!("{error}: {source}")
    }

    #[test]
    fn no_text_of_the_library_is_passed_on() {
        let secret = "postgres://user:hunter2@host/";
        let errors = [
            sqlx::Error::Configuration(secret.into()),
            sqlx::Error::InvalidArgument(secret.into()),
            sqlx::Error::Protocol(secret.into()),
            sqlx::Error::Tls(secret.into()),
            sqlx::Error::Io(io::Error::other(secret)),
            sqlx::Error::Decode(secret.into()),
            sqlx::Error::Encode(secret.into()),
        ];
        for error in &errors {
            assert!(!told(error).contains("hunter2"), "{}", told(error));
        }
    }

    #[test]
    fn a_refused_connection_is_told_by_its_kind() {
        let refused = sqlx::Error::Io(io::ErrorKind::ConnectionRefused.into());
        assert!(
            told(&refused).contains("connection refused"),
            "{}",
            told(&refused)
        );
    }
}
