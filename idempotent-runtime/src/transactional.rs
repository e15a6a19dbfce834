//! The handle for exactly once: an [`Idempotency`] whose database is known.

use std::fmt;
use std::sync::Arc;

use crate::engine::Engine;
use crate::idempotency::{Idempotency, IdempotencyBuilder};
use crate::lease::DurationOutOfRange;
use crate::store::{Records, TransactionalStore};

/// An [`Idempotency`] over a database whose transactions can carry records, for
/// operations with `transaction = …`: effect and answer are committed together.
///
/// Put it into the router's state beside the `Idempotency` of the other handlers;
/// both share one engine, its bounds and its shutdown:
///
/// ```
/// # #[cfg(feature = "postgres")] {
/// use axum::extract::FromRef;
/// use idempotent_runtime::{Idempotency, PostgresStore, Transactional};
///
/// #[derive(Clone, FromRef)]
/// struct App {
///     transactional: Transactional<PostgresStore>,
///     idempotency: Idempotency,
/// }
///
/// fn app(store: PostgresStore) -> App {
///     let transactional = Transactional::new(store);
///     App { idempotency: transactional.idempotency(), transactional }
/// }
/// # }
/// ```
pub struct Transactional<St> {
    idempotency: Idempotency,
    pub(crate) database: Arc<St>,
    pub(crate) records: Arc<dyn Records>,
}

impl<St: TransactionalStore> Transactional<St> {
    /// Exactly once in `database`, with the default bounds.
    pub fn new(database: St) -> Self {
        let records = database.records();
        Self {
            idempotency: Idempotency::over(records.clone()),
            database: Arc::new(database),
            records,
        }
    }

    /// The same with bounds of your own; an error where the ttl or lease is out of
    /// its range.
    ///
    /// ```
    /// # use idempotent_runtime::store::TransactionalStore;
    /// # use idempotent_runtime::Transactional;
    /// # use std::time::Duration;
    /// # fn tuned<St: TransactionalStore>(store: St) -> Result<(), idempotent_runtime::DurationOutOfRange> {
    /// let transactional =
    ///     Transactional::tuned(store, |bounds| bounds.lease(Duration::from_secs(10)))?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn tuned(
        database: St,
        tune: impl FnOnce(IdempotencyBuilder) -> IdempotencyBuilder,
    ) -> Result<Self, DurationOutOfRange> {
        let records = database.records();
        Self::over(database, records, tune)
    }

    /// The same with the records kept in another way, such as
    /// `Encrypted::new(store.clone(), ring)`; they must lie in the same database.
    pub fn over(
        database: St,
        records: Arc<dyn Records>,
        tune: impl FnOnce(IdempotencyBuilder) -> IdempotencyBuilder,
    ) -> Result<Self, DurationOutOfRange> {
        Ok(Self {
            idempotency: tune(Idempotency::builder_over(records.clone())).build()?,
            database: Arc::new(database),
            records,
        })
    }
}

impl<St> Transactional<St> {
    /// The same engine, for operations without a transaction.
    pub fn idempotency(&self) -> Idempotency {
        self.idempotency.clone()
    }

    pub(crate) fn engine(&self) -> &Arc<Engine> {
        &self.idempotency.engine
    }
}

impl<St> Clone for Transactional<St> {
    fn clone(&self) -> Self {
        Self {
            idempotency: self.idempotency.clone(),
            database: Arc::clone(&self.database),
            records: Arc::clone(&self.records),
        }
    }
}

impl<St> From<&Transactional<St>> for Idempotency {
    fn from(transactional: &Transactional<St>) -> Self {
        transactional.idempotency()
    }
}

impl<St> fmt::Debug for Transactional<St> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transactional")
            .field("idempotency", &self.idempotency)
            .finish_non_exhaustive()
    }
}
