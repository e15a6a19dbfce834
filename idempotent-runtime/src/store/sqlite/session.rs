//! One connection while it writes.
//!
//! Rows are fetched to the end: sqlx hands out a first row before SQLite has
//! committed, and drops an error of that commit.

use serde::Serialize;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Sqlite, SqliteConnection};

use super::Shared;
use super::failure::{Failed, failure};
use crate::store::StoreError;

pub(super) type Query<'q> = sqlx::query::Query<'q, Sqlite, SqliteArguments>;

pub(super) struct Session<'a> {
    pub(super) connection: &'a mut SqliteConnection,
    pub(super) shared: &'a Shared,
}

impl Session<'_> {
    pub(super) async fn rows(&mut self, query: Query<'_>) -> Result<Vec<SqliteRow>, Failed> {
        Ok(query.fetch_all(&mut *self.connection).await?)
    }

    pub(super) async fn row(&mut self, query: Query<'_>) -> Result<Option<SqliteRow>, Failed> {
        Ok(self.rows(query).await?.pop())
    }

    /// How many rows a statement without `RETURNING` changed.
    pub(super) async fn changed(&mut self, query: Query<'_>) -> Result<u64, Failed> {
        Ok(query.execute(&mut *self.connection).await?.rows_affected())
    }

    /// What the caller of `verb` is told.
    pub(super) fn error(&self, verb: &'static str, failed: Failed) -> StoreError {
        match failed {
            Failed::Refused(error) => failure(verb, &self.shared.table, &error),
            Failed::Answered(error) => error,
        }
    }
}

/// An argument of many values.
pub(super) fn json(values: &impl Serialize) -> Result<String, Failed> {
    serde_json::to_string(values).map_err(|_| {
        let what = "an argument that is no JSON".to_owned();
        StoreError::Corrupt { what }.into()
    })
}
