//! A transaction of a store, with what ends it.

use std::sync::Arc;

use crate::store::transaction::{BODY, Statement};
use crate::store::{Session, StoreError, TransactionalStore};

/// An open transaction. Dropped, it is rolled back by its client library.
pub(crate) struct Opened<St: TransactionalStore> {
    pub(crate) transaction: St::Transaction,
    database: Arc<St>,
}

impl<St: TransactionalStore> Opened<St> {
    pub(crate) async fn open(database: &Arc<St>) -> Result<Self, StoreError> {
        Ok(Self {
            transaction: database.begin().await?,
            database: Arc::clone(database),
        })
    }

    /// Undoes what the body wrote, also where a statement of it failed.
    pub(super) async fn undo(&mut self) -> Result<(), StoreError> {
        let sql = format!("ROLLBACK TO SAVEPOINT {BODY}");
        self.transaction.row(Statement::new("undo", sql)).await?;
        Ok(())
    }

    /// What is wrong with the transaction, if it cannot be committed any more.
    pub(crate) async fn fault(&mut self) -> Option<StoreError> {
        let probe = Statement::new("probe", "SELECT 1");
        self.transaction.changed(probe).await.err()
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.database.commit(self.transaction).await
    }

    /// Without an error: what is not committed is gone all the same.
    pub(crate) async fn roll_back(self) {
        let _ = self.database.roll_back(self.transaction).await;
    }
}
