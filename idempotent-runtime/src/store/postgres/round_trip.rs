//! Sends a statement, and sends it again where that can only help: every verb
//! may be repeated with the same token (invariant 5).

use sqlx::postgres::{PgArguments, PgRow, Postgres};
use sqlx::query::Query;

use super::Shared;
use super::failure::{Passing, failure};
use crate::store::StoreError;

/// How many connections may be lost under a verb before that is told. After a
/// restart of the server, each idle connection of the pool is lost once.
const LOST: u8 = 4;
/// How often other transactions may be in the way: each time, one of them gets
/// on, so that this is a bound on how many claim one record at one moment.
const CONFLICTS: u8 = 100;

type Statement<'q> = Query<'q, Postgres, PgArguments>;

impl Shared {
    /// All rows of a statement that may be repeated.
    pub(super) async fn rows<'q>(
        &self,
        verb: &'static str,
        statement: impl Fn() -> Statement<'q>,
    ) -> Result<Vec<PgRow>, StoreError> {
        let mut patience = Patience::default();
        loop {
            match statement().fetch_all(&self.pool).await {
                Err(error) if patience.allows(&error) => {}
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
        let mut patience = Patience::default();
        loop {
            match statement().fetch_optional(&self.pool).await {
                Err(error) if patience.allows(&error) => {}
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

/// What one verb has met so far.
#[derive(Default)]
struct Patience {
    lost: u8,
    conflicts: u8,
}

impl Patience {
    fn allows(&mut self, error: &sqlx::Error) -> bool {
        let (met, most) = match Passing::of(error) {
            Some(Passing::Lost) => (&mut self.lost, LOST),
            Some(Passing::Conflict) => (&mut self.conflicts, CONFLICTS),
            None => return false,
        };
        *met += 1;
        *met < most
    }
}
