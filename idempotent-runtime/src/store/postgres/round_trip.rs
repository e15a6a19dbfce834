//! Sends a statement, and sends it again where that can only help: every verb
//! may be repeated with the same token (invariant 5).

use sqlx::postgres::{PgArguments, PgRow, Postgres};
use sqlx::query::Query;

use super::Shared;
use super::failure::{failure, may_pass};
use crate::store::StoreError;

/// How often a statement is sent before its failure is told. After a restart
/// of the server, each idle connection of the pool fails once.
const TRIES: usize = 4;

type Statement<'q> = Query<'q, Postgres, PgArguments>;

impl Shared {
    /// All rows of a statement that may be repeated.
    pub(super) async fn rows<'q>(
        &self,
        verb: &'static str,
        statement: impl Fn() -> Statement<'q>,
    ) -> Result<Vec<PgRow>, StoreError> {
        let mut tries = 1;
        loop {
            match statement().fetch_all(&self.pool).await {
                Err(error) if tries < TRIES && may_pass(&error) => tries += 1,
                answer => return answer.map_err(|error| failure(verb, &self.table, &error)),
            }
        }
    }

    /// The one row of a statement that may be repeated, or none.
    pub(super) async fn row<'q>(
        &self,
        verb: &'static str,
        statement: impl Fn() -> Statement<'q>,
    ) -> Result<Option<PgRow>, StoreError> {
        let mut tries = 1;
        loop {
            match statement().fetch_optional(&self.pool).await {
                Err(error) if tries < TRIES && may_pass(&error) => tries += 1,
                answer => return answer.map_err(|error| failure(verb, &self.table, &error)),
            }
        }
    }

    /// The one row of a statement that may not be repeated, or none.
    pub(super) async fn row_once(
        &self,
        verb: &'static str,
        statement: Statement<'_>,
    ) -> Result<Option<PgRow>, StoreError> {
        let answer = statement.fetch_optional(&self.pool).await;
        answer.map_err(|error| failure(verb, &self.table, &error))
    }
}
