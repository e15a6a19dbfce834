//! Transactions that the runtime opens and ends. The verbs inside them are in
//! `within`.
//!
//! sqlx's own COMMIT could not take the session's settings along; its ROLLBACK,
//! which it sends for a transaction that was not ended by it, finds none open.

use std::sync::Arc;

use sqlx::mysql::MySql;
use sqlx::{AssertSqlSafe, Transaction as Sqlx};

use super::MySqlStore;
use super::failure::{failure, failure_within, was_lost};
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

    fn begin(&self) -> StoreFuture<'_, Self::Transaction> {
        StoreFuture::new(async move {
            let shared = &*self.shared;
            let dialect = shared.dialect("begin").await?;
            let mut lost = 0;
            loop {
                let sql = AssertSqlSafe(shared.bounds.begin(dialect));
                match shared.pool.begin_with(sql).await {
                    Err(error) if was_lost(&error) => {
                        lost += 1;
                        if lost == LOST {
                            return Err(failure("begin", &shared.table, &error));
                        }
                    }
                    begun => return begun.map_err(|e| failure("begin", &shared.table, &e)),
                }
            }
        })
    }

    fn commit(&self, transaction: Self::Transaction) -> StoreFuture<'_, ()> {
        StoreFuture::new(self.end(transaction, "commit", "COMMIT"))
    }

    fn roll_back(&self, transaction: Self::Transaction) -> StoreFuture<'_, ()> {
        StoreFuture::new(self.end(transaction, "rollback", "ROLLBACK"))
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
