//! How a transaction of `SeaORM`'s is opened and ended. The records are those of
//! the store of the same file.

use std::sync::Arc;

use idempotent_runtime::SqliteStore;
use idempotent_runtime::store::StoreFuture;
use idempotent_runtime::store::transaction::{BODY, Records, TransactionalStore, Turn};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

use crate::session::{OrmTransaction, told};

/// A database that is written by `SeaORM`, and the records in it.
pub(crate) struct Orm {
    database: DatabaseConnection,
    records: SqliteStore,
}

impl Orm {
    pub(crate) const fn new(database: DatabaseConnection, records: SqliteStore) -> Self {
        Self { database, records }
    }

    async fn open(&self) -> Result<OrmTransaction, DbErr> {
        // It will write: a deferred one might not get the lock later.
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.database.begin_with_options(options).await?;
        let savepoint = format!("SAVEPOINT {BODY}");
        transaction.execute_unprepared(&savepoint).await?;
        Ok(OrmTransaction(transaction))
    }
}

impl TransactionalStore for Orm {
    type Transaction = OrmTransaction;

    fn records(&self) -> Arc<dyn Records> {
        self.records.records()
    }

    /// SQLite has one writer at a time, of whichever library.
    fn turn(&self) -> StoreFuture<'_, Turn> {
        self.records.turn()
    }

    fn begin(&self) -> StoreFuture<'_, OrmTransaction> {
        StoreFuture::new(async move {
            let opened = self.open().await;
            opened.map_err(|error| told("begin", &error))
        })
    }

    fn commit(&self, transaction: OrmTransaction) -> StoreFuture<'_, ()> {
        StoreFuture::new(async move {
            let committed = transaction.0.commit().await;
            committed.map_err(|error| told("commit", &error))
        })
    }

    fn roll_back(&self, transaction: OrmTransaction) -> StoreFuture<'_, ()> {
        StoreFuture::new(async move {
            let rolled_back = transaction.0.rollback().await;
            rolled_back.map_err(|error| told("rollback", &error))
        })
    }
}
