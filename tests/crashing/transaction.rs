//! A transaction that can be stopped before and after a refusal undoes what its
//! body wrote.

use idempotent_runtime::store::transaction::{Row, Statement};
use idempotent_runtime::store::{Session, StoreFuture, Transaction};

use crate::point::stop;
use crate::store::Stopping as StoppingStore;

/// Another library's transaction, as far as the runtime can tell.
pub(crate) struct Stopping<T>(pub(crate) T);

impl<T: Transaction> Transaction for Stopping<T> {
    type Store = StoppingStore<T::Store>;
}

impl<T: Session> Session for Stopping<T> {
    fn row<'a>(&'a mut self, statement: Statement<'a>) -> StoreFuture<'a, Option<Row>> {
        if statement.verb != "undo" {
            return self.0.row(statement);
        }
        StoreFuture::new(async move {
            stop("before the undo").await;
            let row = self.0.row(statement).await;
            stop("after the undo").await;
            row
        })
    }

    fn changed<'a>(&'a mut self, statement: Statement<'a>) -> StoreFuture<'a, u64> {
        self.0.changed(statement)
    }
}
