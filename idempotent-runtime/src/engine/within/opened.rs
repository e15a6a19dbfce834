//! A transaction of a store, with what ends it.

use std::sync::Arc;

use crate::store::transaction::{BODY, Statement, Turn};
use crate::store::{Session, StoreError, TransactionalStore};

/// An open transaction. Dropped, it is rolled back by its client library, and
/// then its turn is over: in the order of the fields.
pub(crate) struct Opened<St: TransactionalStore> {
    pub(crate) transaction: St::Transaction,
    turn: Turn,
    database: Arc<St>,
}

impl<St: TransactionalStore> Opened<St> {
    pub(crate) async fn open(database: &Arc<St>) -> Result<Self, StoreError> {
        let turn = database.turn().await?;
        Ok(Self {
            transaction: database.begin().await?,
            turn,
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
        // Some databases refuse every statement after a failed one, and some have
        // ended the transaction, and its savepoints with it.
        let probe = Statement::new("probe", format!("RELEASE SAVEPOINT {BODY}"));
        self.transaction.changed(probe).await.err()
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        let committed = self.database.commit(self.transaction).await;
        drop(self.turn);
        committed
    }

    /// Without an error: what is not committed is gone all the same.
    pub(crate) async fn roll_back(self) {
        let _ = self.database.roll_back(self.transaction).await;
        drop(self.turn);
    }
}
