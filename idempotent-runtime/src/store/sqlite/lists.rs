//! What an operator's lists and figures ask, each in one short statement on a
//! connection that reads: no writer waits for it.

use sqlx::sqlite::SqliteRow;

use super::Shared;
use super::failure::failure;
use super::session::Query;
use crate::answer::Answer;
use crate::record::RecordId;
use crate::store::listing::Order;
use crate::store::sql::{self, Part};
use crate::store::{StoreError, StoreStats};

impl Shared {
    pub(super) fn part<'a>(
        &'a self,
        part: &Part<'a>,
    ) -> impl Future<Output = Result<Vec<SqliteRow>, StoreError>> + use<'a> {
        let (first, last) = part.states;
        let query = match part.order {
            Order::Lease => sqlx::query(self.statements.list_held.clone())
                .bind(part.at)
                .bind(part.id.to_vec())
                .bind(part.runs)
                .bind(part.operation)
                .bind(part.most),
            Order::Life => sqlx::query(self.statements.list_all.clone())
                .bind(part.at)
                .bind(part.id.to_vec())
                .bind(first)
                .bind(last)
                .bind(part.operation)
                .bind(part.most),
        };
        self.read("list", query)
    }

    pub(super) async fn answer(&self, id: &RecordId) -> Result<Option<Answer>, StoreError> {
        let query = sqlx::query(self.statements.answer.clone()).bind(id.as_bytes().as_slice());
        let rows = self.read("answer", query).await?;
        rows.first().map_or(Ok(None), sql::answer)
    }

    pub(super) async fn stats(&self) -> Result<StoreStats, StoreError> {
        let query = sqlx::query(self.statements.stats.clone());
        let rows = self.read("stats", query).await?;
        rows.first().map_or(Ok(StoreStats::default()), sql::figures)
    }

    async fn read(
        &self,
        verb: &'static str,
        query: Query<'_>,
    ) -> Result<Vec<SqliteRow>, StoreError> {
        let rows = query.fetch_all(&self.pool).await;
        rows.map_err(|error| failure(verb, &self.table, &error))
    }
}
