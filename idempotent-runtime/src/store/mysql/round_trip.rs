//! Sends a statement, and sends it again where that can only help: every verb
//! may be repeated with the same token (invariant 5).
//!
//! Rows are fetched to the end: sqlx hands out a first row before the server
//! has said that its change is committed.

use std::time::Duration;

use sqlx::MySql;
use sqlx::mysql::{MySqlArguments, MySqlRow};
use sqlx::query::Query;
use tokio::time::sleep;

use super::Shared;
use super::failure::{failure, was_in_the_way, was_lost};
use crate::lease::Token;
use crate::store::StoreError;

/// How often a statement is sent before its failure is told. After a restart
/// of the server, each idle connection of the pool fails once.
const TRIES: u32 = 5;
/// The longest first pause after a deadlock; each later one may be twice as long.
const PAUSE: Duration = Duration::from_millis(5);

pub(super) type Statement<'q> = Query<'q, MySql, MySqlArguments>;

impl Shared {
    /// All rows of a statement that may be repeated.
    pub(super) async fn rows<'q>(
        &self,
        verb: &'static str,
        statement: impl Fn() -> Statement<'q>,
    ) -> Result<Vec<MySqlRow>, StoreError> {
        let mut tries = 1;
        loop {
            match statement().fetch_all(&self.pool).await {
                Err(error) if may_pass(&error, tries).await => tries += 1,
                answer => return answer.map_err(|error| failure(verb, &self.table, &error)),
            }
        }
    }

    /// The one row of a statement that may be repeated, or none.
    pub(super) async fn row<'q>(
        &self,
        verb: &'static str,
        statement: impl Fn() -> Statement<'q>,
    ) -> Result<Option<MySqlRow>, StoreError> {
        Ok(self.rows(verb, statement).await?.pop())
    }

    /// How many rows a statement found that may be repeated; sqlx asks the
    /// server to count those that it left as they are, too.
    pub(super) async fn found<'q>(
        &self,
        verb: &'static str,
        statement: impl Fn() -> Statement<'q>,
    ) -> Result<u64, StoreError> {
        let mut tries = 1;
        loop {
            match statement().execute(&self.pool).await {
                Err(error) if may_pass(&error, tries).await => tries += 1,
                Err(error) => return Err(failure(verb, &self.table, &error)),
                Ok(done) => return Ok(done.rows_affected()),
            }
        }
    }

    /// How many rows a statement found that must not be done twice.
    pub(super) async fn found_once<'q>(
        &self,
        verb: &'static str,
        statement: impl Fn() -> Statement<'q>,
    ) -> Result<u64, StoreError> {
        let mut tries = 1;
        loop {
            match statement().execute(&self.pool).await {
                Err(error) if was_in_the_way(&error) && tries < TRIES => pause(tries).await,
                Err(error) => return Err(failure(verb, &self.table, &error)),
                Ok(done) => return Ok(done.rows_affected()),
            }
            tries += 1;
        }
    }
}

/// Whether another try may succeed; when it returns, it is time for it.
pub(super) async fn may_pass(error: &sqlx::Error, tries: u32) -> bool {
    if tries >= TRIES {
        return false;
    }
    if was_in_the_way(error) {
        pause(tries).await;
        return true;
    }
    was_lost(error)
}

/// A pause of random length, so that those that met do not meet again.
async fn pause(tries: u32) {
    let random = Token::mint().map_or(255, |token| token.as_bytes()[0]);
    sleep(PAUSE * 2_u32.pow(tries - 1) * u32::from(random) / 255).await;
}
