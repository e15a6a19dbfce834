//! A store whose transactions can be stopped.

use std::sync::Arc;

use idempotent_runtime::store::transaction::Turn;
use idempotent_runtime::store::{Records, StoreFuture, TransactionalStore};

use crate::point::{pass, stop};
use crate::records::Stopping as StoppingRecords;
use crate::transaction::Stopping as StoppingTransaction;

/// The transactions of `St`, stopped around what the engine does with them.
#[derive(Clone)]
pub(crate) struct Stopping<St>(pub(crate) St);

impl<St: TransactionalStore> TransactionalStore for Stopping<St> {
    type Transaction = StoppingTransaction<St::Transaction>;

    fn records(&self) -> Arc<dyn Records> {
        Arc::new(StoppingRecords(self.0.records()))
    }

    fn turn(&self) -> StoreFuture<'_, Turn> {
        self.0.turn()
    }

    fn begin(&self) -> StoreFuture<'_, Self::Transaction> {
        StoreFuture::new(async move {
            stop("before begin").await;
            let begun = self.0.begin().await?;
            stop("after begin").await;
            Ok(StoppingTransaction(begun))
        })
    }

    fn commit(&self, transaction: Self::Transaction) -> StoreFuture<'_, ()> {
        StoreFuture::new(async move {
            stop("before commit").await;
            pass("in the commit");
            self.0.commit(transaction.0).await?;
            stop("after commit").await;
            Ok(())
        })
    }

    fn roll_back(&self, transaction: Self::Transaction) -> StoreFuture<'_, ()> {
        self.0.roll_back(transaction.0)
    }
}
