//! The contract between the engine and a database whose transactions carry
//! records: key, effect and answer are committed together, or not at all.
//!
//! # Another database, or another library
//!
//! Three small traits, of which a store of another database has all, and
//! another library's transaction over a database that is here already the
//! first two and a few lines of the third:
//!
//! 1. [`Session`]: runs one statement inside the open transaction and gives its
//!    first row. It is all that the records' statements need of a client
//!    library; its errors tell what became of the transaction.
//! 2. [`Transaction`]: names the store whose records lie in the same database.
//! 3. [`TransactionalStore`]: opens, commits and rolls back such transactions.
//!    The record's own verbs are [`Records`], on any session: a library that
//!    comes to a database that is here already hands out that store's
//!    ([`TransactionalStore::records`]).

mod session;
mod turn;

use std::sync::Arc;

pub use self::session::{Cell, Row, Session, Statement, Value};
pub use self::turn::Turn;

use super::{Claim, Store, StoreFuture};
use crate::answer::Answer;
use crate::lease::{Fence, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Ownership};
use crate::record::RecordId;

/// The savepoint before the body's writes, set by [`TransactionalStore::begin`].
/// A final refusal rolls back to it, so that the refusal alone is committed.
pub const BODY: &str = "idempotent_body";

/// A transaction of a client library, in whose database a store keeps records.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no transaction that can carry an idempotency record",
    label = "not a transaction of a supported database",
    note = "take `tx: &mut sqlx::PgTransaction<'_>` (feature `postgres`), \
            `&mut sqlx::MySqlTransaction<'_>` (`mysql`) or `&mut sqlx::SqliteTransaction<'_>` (`sqlite`)",
    note = "for another library, implement `idempotent_runtime::store::Transaction` for a type of your own"
)]
pub trait Transaction: Session {
    /// The store whose records lie in the same database.
    type Store: TransactionalStore;
}

/// A store that opens transactions in the database of its records.
///
/// The engine calls, in this order and on one connection:
/// [`turn`](Self::turn), [`begin`](Self::begin), [`Records::claim_within`], the body, [`Records::record_within`],
/// [`commit`](Self::commit); or [`roll_back`](Self::roll_back) at any point after
/// `begin`. A transaction that is dropped is rolled back, and must not go back to
/// a pool open.
pub trait TransactionalStore: Send + Sync + 'static {
    /// What a body is handed.
    type Transaction: Transaction<Store = Self> + 'static;

    /// The record's verbs, for transactions of this database.
    fn records(&self) -> Arc<dyn Records>;

    /// Waits for this process's turn, where the database has one writer at a time;
    /// it is asked for before [`begin`](Self::begin), without a connection, and
    /// lasts until the transaction has ended. By default nobody waits.
    fn turn(&self) -> StoreFuture<'_, Turn> {
        StoreFuture::ready(Ok(Turn::default()))
    }

    /// Opens a transaction that may write, and sets the savepoint [`BODY`] in
    /// it, in one round trip where the database can. A pooled connection that
    /// turns out to be lost is replaced here: nothing has begun on it.
    fn begin(&self) -> StoreFuture<'_, Self::Transaction>;

    /// Commits. An error of the kind
    /// [`Unavailable`](super::StoreError::Unavailable) means that nobody knows
    /// whether it happened, and the engine asks on another connection; any other
    /// one means that the database rolled all of it back.
    fn commit(&self, transaction: Self::Transaction) -> StoreFuture<'_, ()>;

    /// Rolls back, whatever state the transaction is in. An error changes
    /// nothing: what is not committed is gone with its connection.
    fn roll_back(&self, transaction: Self::Transaction) -> StoreFuture<'_, ()>;
}

/// Whose transaction it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Whose {
    /// [`TransactionalStore::begin`] opened it, for one attempt: the claim's
    /// lease bounds how long it may be silent, and how long a statement of it may
    /// take, where the database can be told so. A paused process must not hold
    /// the key for ever.
    Ours,
    /// The caller's, which is left as it is.
    Callers,
}

/// The answer to a claim inside a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimedWithin {
    /// As of [`Store::claim`]; `Claimed` until this transaction ends.
    Outcome(ClaimOutcome),
    /// Another open transaction has claimed it: what it was asked cannot be
    /// seen before its end.
    Busy,
}

/// A record's verbs inside an open transaction of its database.
///
/// An implementor promises:
///
/// - **At once**: [`claim_within`](Self::claim_within) never waits for another
///   transaction's end. It asks for a lock that is given or refused at once, and
///   which goes with the transaction.
/// - **One runner**: whatever the lock cannot exclude, a second row of one id can
///   not be committed: [`record_within`](Self::record_within) fails, or finds the
///   record taken and writes nothing. An attempt by [`Store::claim`] counts too.
/// - **The record as found** decides, as in [`Store::claim`]: done is `Done`; a
///   live lease, an expired or interrupted one of another fingerprint is
///   `Running`; everything else is `Claimed`, with the fence above the record's
///   and what was `previous`.
/// - **Nothing outlives a rollback**, of the whole or to a savepoint set before
///   the claim. After the latter `record_within` asks for the lock again.
pub trait Records: Store {
    /// What the record says to a claim, where a read outside of any transaction
    /// decides it. It is asked before one is opened, for databases where that is
    /// dear: a replay must not wait for a writer. By default it says nothing.
    fn look<'a>(&'a self, claim: &'a Claim<'a>) -> StoreFuture<'a, Option<ClaimOutcome>> {
        let _ = claim;
        StoreFuture::ready(Ok(None))
    }

    /// Claims the record for the rest of this transaction. One round trip; it
    /// need not write.
    fn claim_within<'a>(
        &'a self,
        session: &'a mut dyn Session,
        claim: &'a Claim<'a>,
        whose: Whose,
    ) -> StoreFuture<'a, ClaimedWithin>;

    /// Writes the finished record of a claim that this transaction won with
    /// `fence`. `Lost` where the record is another's by now: the caller rolls
    /// back. One round trip.
    fn record_within<'a>(
        &'a self,
        session: &'a mut dyn Session,
        claim: &'a Claim<'a>,
        fence: Fence,
        answer: &'a Answer,
    ) -> StoreFuture<'a, Ownership>;

    /// [`Store::complete`] inside a transaction, for a record that was claimed
    /// and committed before it: the fenced commit.
    fn complete_within<'a>(
        &'a self,
        session: &'a mut dyn Session,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        answer: &'a Answer,
        ttl: Ttl,
    ) -> StoreFuture<'a, Completion>;

    /// A transaction that finished this record was committed: those who wait for
    /// it may be told. `notify` is the claim's.
    fn committed(&self, id: &RecordId, notify: bool) {
        let _ = (id, notify);
    }
}
