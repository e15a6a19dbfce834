//! Transactions that the runtime opens and ends. The verbs inside them are in
//! `within`.
//!
//! sqlx's own COMMIT could not take the session's settings along; its ROLLBACK,
//! which it sends for a transaction that was not ended by it, finds none open.

use std::sync::Arc;

use sqlx::mysql::MySql;
use sqlx::{AssertSqlSafe, Transaction as Sqlx};

use super::failure::{failure, failure_within, was_lost};
use super::{MySqlStore, Shared};
use crate::store::sql;
use crate::store::{Records, StoreError, StoreFuture, Transaction, TransactionalStore};

/// How many connections of the pool may turn out to be lost before that is told.
const LOST: usize = 4;

sql::session!(MySql, failure_within);

impl Transaction for Sqlx<'_, MySql> {
    type Store = MySqlStore;
}

impl TransactionalStore for MySqlStore {
    type Transaction = Sqlx<'static, MySql>;

    fn records(&self) -> Arc<dyn Records> {
        Arc::new(self.clone())
    }

    /// In a task of its own: sqlx gives a connection back to the pool with an
    /// open transaction where this is dropped before the server has answered.
    fn begin(&self) -> StoreFuture<'_, Self::Transaction> {
        StoreFuture::new(async move {
            let shared = Arc::clone(&self.shared);
            let begun = tokio::spawn(async move { shared.begin().await });
            begun
                .await
                .unwrap_or_else(|error| Err(StoreError::unavailable("begin", error)))
        })
    }

    fn commit(&self, transaction: Self::Transaction) -> StoreFuture<'_, ()> {
        StoreFuture::new(self.end(transaction, "commit", "COMMIT"))
    }

    fn roll_back(&self, transaction: Self::Transaction) -> StoreFuture<'_, ()> {
        StoreFuture::new(self.end(transaction, "rollback", "ROLLBACK"))
    }
}

impl Shared {
    async fn begin(&self) -> Result<Sqlx<'static, MySql>, StoreError> {
        let dialect = self.dialect("begin").await?;
        let mut lost = 0;
        loop {
            let sql = AssertSqlSafe(self.bounds.begin(dialect));
            match self.pool.begin_with(sql).await {
                Err(error) if was_lost(&error) => {
                    lost += 1;
                    if lost == LOST {
                        return Err(failure("begin", &self.table, &error));
                    }
                }
                begun => return begun.map_err(|e| failure("begin", &self.table, &e)),
            }
        }
    }
}

impl MySqlStore {
    async fn end(
        &self,
        mut transaction: Sqlx<'static, MySql>,
        verb: &'static str,
        end: &str,
    ) -> Result<(), StoreError> {
        let dialect = self.shared.dialect(verb).await?;
        let sql = AssertSqlSafe(self.shared.bounds.end(dialect, end));
        let ended = sqlx::raw_sql(sql).execute(&mut *transaction).await;
        ended
            .map(drop)
            .map_err(|error| failure_within(verb, &error))
    }
}
