//! `attempt.begin(…)`: a transaction that a body opens late, and the runtime
//! completes and commits at the body's end: the fenced commit.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Attempt;
use crate::engine::{Opened, Pending};
use crate::store::{StoreError, TransactionalStore};
use crate::transactional::Transactional;

/// The place of an attempt's late transaction.
#[derive(Default)]
pub(super) struct Place(Mutex<Late>);

#[derive(Default)]
pub(crate) enum Late {
    /// None was opened.
    #[default]
    None,
    /// The body has it.
    Lent,
    /// The body has given it back.
    Back(Box<dyn Pending>),
    /// The body has ended: one that comes later is rolled back.
    Over,
}

impl Place {
    fn lock(&self) -> MutexGuard<'_, Late> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Place")
    }
}

/// The transaction of [`Attempt::begin`], which the runtime commits with the
/// answer once the body has ended with a final one, and rolls back otherwise.
pub struct LateTransaction<St: TransactionalStore> {
    /// `None` only while it is dropped.
    opened: Option<Opened<St>>,
    attempt: Attempt,
}

impl Attempt {
    /// Opens a transaction for the rest of this attempt: the fenced commit. The
    /// claim is committed already, so that duplicates get their answer while the
    /// body talks to others; what it writes here is committed together with the
    /// answer, and only if the claim still holds.
    ///
    /// The body drops the transaction before it answers, or lets it go out of
    /// scope. Without a final answer, or with a refusal, it is rolled back.
    ///
    /// ```
    /// # #[cfg(feature = "postgres")] mod example {
    /// use axum::{Json, extract::State};
    /// use idempotent_runtime::store::StoreError;
    /// use idempotent_runtime::{Attempt, PostgresStore, Transactional};
    /// # type Failure = Box<dyn std::error::Error + Send + Sync>;
    /// # async fn charge(_: u64) -> Result<String, Failure> { Ok(String::new()) }
    ///
    /// // in a handler with `#[idempotent(scope = …)]`
    /// async fn pay(
    ///     attempt: Attempt,
    ///     State(transactional): State<Transactional<PostgresStore>>,
    ///     Json(amount): Json<u64>,
    /// ) -> Result<Json<u64>, Failure> {
    ///     let receipt = charge(amount).await?; // slow, and no connection is held
    ///     let mut tx = attempt.begin(&transactional).await?;
    ///     sqlx::query("INSERT INTO payments VALUES ($1)").bind(receipt).execute(&mut **tx).await?;
    ///     Ok(Json(amount))
    /// }
    /// # }
    /// ```
    pub async fn begin<St: TransactionalStore>(
        &self,
        transactional: &Transactional<St>,
    ) -> Result<LateTransaction<St>, StoreError> {
        let refused = |what: &str| StoreError::Misconfigured {
            what: what.to_owned(),
        };
        let engine = transactional.engine();
        let recording = self.0.state.get().map(|state| &state.recording);
        match recording {
            Some(Some(recording)) if recording.recorder.is_of(engine) => {}
            Some(None) => {
                return Err(refused(
                    "this attempt's transaction is open already; use its `transaction` parameter",
                ));
            }
            Some(Some(_)) => {
                return Err(refused(
                    "this attempt is guarded by another `Idempotency`; guard it by \
                     `transactional.idempotency()` of the `Transactional` that it begins with",
                ));
            }
            None => {
                return Err(refused(
                    "this call has no key, and so no record to commit; open a transaction of your own",
                ));
            }
        }
        let late = &self.0.late;
        if !matches!(*late.lock(), Late::None) {
            return Err(refused(
                "this attempt has begun a transaction already, and has one commit; do all in that one",
            ));
        }
        let opened = engine.bounded("begin", Opened::open(transactional)).await?;
        *late.lock() = Late::Lent;
        Ok(LateTransaction {
            opened: Some(opened),
            attempt: self.clone(),
        })
    }

    /// The body has ended: its late transaction, once.
    pub(crate) fn take_late(&self) -> Late {
        std::mem::replace(&mut *self.0.late.lock(), Late::Over)
    }
}

impl<St: TransactionalStore> Deref for LateTransaction<St> {
    type Target = St::Transaction;

    fn deref(&self) -> &St::Transaction {
        match &self.opened {
            Some(opened) => &opened.transaction,
            None => unreachable!("it is there until it is dropped"),
        }
    }
}

impl<St: TransactionalStore> DerefMut for LateTransaction<St> {
    fn deref_mut(&mut self) -> &mut St::Transaction {
        match &mut self.opened {
            Some(opened) => &mut opened.transaction,
            None => unreachable!("it is there until it is dropped"),
        }
    }
}

impl<St: TransactionalStore> Drop for LateTransaction<St> {
    fn drop(&mut self) {
        let Some(opened) = self.opened.take() else {
            return;
        };
        let mut late = self.attempt.0.late.lock();
        if let Late::Lent = *late {
            *late = Late::Back(Box::new(opened));
        }
        // Else the attempt is over, and it is rolled back as it is dropped.
    }
}

impl<St: TransactionalStore> fmt::Debug for LateTransaction<St> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LateTransaction")
    }
}
