//! A transaction of a store, with what ends it.

use std::sync::Arc;

use crate::store::transaction::Turn;
#[cfg(feature = "axum")]
use crate::store::transaction::{BODY, Statement};
use crate::store::{Records, Session, StoreError, StoreFuture, TransactionalStore};
use crate::transactional::Transactional;

/// An open transaction. Dropped, it is rolled back by its client library, and
/// then its turn is over: in the order of the fields.
pub(crate) struct Opened<St: TransactionalStore> {
    pub(crate) transaction: St::Transaction,
    turn: Turn,
    database: Arc<St>,
    records: Arc<dyn Records>,
}

/// What becomes of what the body wrote.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writes {
    /// It is committed with the answer.
    Keep,
    /// It is undone, and the answer alone is committed: a refusal.
    Undo,
}

impl<St: TransactionalStore> Opened<St> {
    pub(crate) async fn open(transactional: &Transactional<St>) -> Result<Self, StoreError> {
        let turn = transactional.database.turn().await?;
        Ok(Self {
            transaction: transactional.database.begin().await?,
            turn,
            database: Arc::clone(&transactional.database),
            records: Arc::clone(&transactional.records),
        })
    }

    /// Undoes what the body wrote, also where a statement of it failed.
    #[cfg(feature = "axum")]
    pub(super) async fn undo(&mut self) -> Result<(), StoreError> {
        let sql = format!("ROLLBACK TO SAVEPOINT {BODY}");
        self.transaction.row(Statement::new("undo", sql)).await?;
        Ok(())
    }

    /// What is wrong with the transaction, if it cannot be committed any more.
    #[cfg(feature = "axum")]
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

/// An open transaction of any store, to be completed and committed.
pub(crate) trait Pending: Send {
    fn records(&self) -> Arc<dyn Records>;
    fn session(&mut self) -> &mut dyn Session;
    fn commit(self: Box<Self>) -> StoreFuture<'static, ()>;
    fn roll_back(self: Box<Self>) -> StoreFuture<'static, ()>;
}

impl<St: TransactionalStore> Pending for Opened<St> {
    fn records(&self) -> Arc<dyn Records> {
        Arc::clone(&self.records)
    }

    fn session(&mut self) -> &mut dyn Session {
        &mut self.transaction
    }

    fn commit(self: Box<Self>) -> StoreFuture<'static, ()> {
        StoreFuture::new(Opened::commit(*self))
    }

    fn roll_back(self: Box<Self>) -> StoreFuture<'static, ()> {
        StoreFuture::new(async move {
            Opened::roll_back(*self).await;
            Ok(())
        })
    }
}
