//! What an operator's lists and figures ask, each in one short statement that
//! takes no lock.

use sqlx::mysql::MySqlRow;

use super::Shared;
use crate::answer::Answer;
use crate::record::RecordId;
use crate::store::listing::Order;
use crate::store::sql::{self, Part};
use crate::store::{StoreError, StoreStats};

impl Shared {
    pub(super) fn part<'a>(
        &'a self,
        part: &Part<'a>,
    ) -> impl Future<Output = Result<Vec<MySqlRow>, StoreError>> + use<'a> {
        let Part {
            order,
            at,
            id,
            runs,
            states: (first, last),
            operation,
            read,
            most,
        } = *part;
        async move {
            let rows = self.rows("list", || match order {
                Order::Lease => sqlx::query(self.statements.list_held.clone())
                    .bind(runs)
                    .bind(at)
                    .bind(runs)
                    .bind(at)
                    .bind(id.to_vec())
                    .bind(read)
                    .bind(at)
                    .bind(runs)
                    .bind(at)
                    .bind(id.to_vec())
                    .bind(read - 1)
                    .bind(runs)
                    .bind(operation)
                    .bind(operation)
                    .bind(most),
                Order::Life => sqlx::query(self.statements.list_all.clone())
                    .bind(at)
                    .bind(at)
                    .bind(id.to_vec())
                    .bind(read)
                    .bind(at)
                    .bind(at)
                    .bind(id.to_vec())
                    .bind(read - 1)
                    .bind(first)
                    .bind(last)
                    .bind(operation)
                    .bind(operation)
                    .bind(most),
            });
            rows.await
        }
    }

    pub(super) async fn answer(&self, id: &RecordId) -> Result<Option<Answer>, StoreError> {
        let row = self.row("answer", || {
            sqlx::query(self.statements.answer.clone()).bind(id.as_bytes().as_slice())
        });
        row.await?.map_or(Ok(None), |row| sql::answer(&row))
    }

    pub(super) async fn stats(&self) -> Result<StoreStats, StoreError> {
        let row = self.row("stats", || sqlx::query(self.statements.stats.clone()));
        match row.await? {
            Some(row) => sql::figures(&row),
            None => Ok(StoreStats::default()),
        }
    }
}
