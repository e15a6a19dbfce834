//! What the service keeps: payments, and a count of every effect. One trait,
//! one module for each place where it can be kept.

mod books;
mod memory;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "redis"
))]
mod patience;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::collections::BTreeMap;
use std::pin::Pin;

use serde::Serialize;

pub(super) use self::books::Books;
pub use self::memory::MemoryLedger;
#[cfg(feature = "mysql")]
pub use self::mysql::MySqlLedger;
#[cfg(feature = "postgres")]
pub use self::postgres::PostgresLedger;
#[cfg(feature = "redis")]
pub use self::redis::RedisLedger;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub(super) use self::sql::CONNECTIONS;
#[cfg(feature = "sqlite")]
pub use self::sqlite::SqliteLedger;
use super::payment::Payment;

/// Where payments and effects are kept. All instances of the service over one
/// database share them.
pub trait Ledger: Send + Sync + 'static {
    /// Counts an effect under a reference: what a bank's own books would show.
    /// One of the same id is counted once.
    fn effect<'a>(&'a self, id: &'a str, reference: &'a str) -> LedgerFuture<'a, ()>;

    /// Keeps a payment of an account and counts its effect, in one step.
    fn pay<'a>(&'a self, account: &'a str, payment: &'a Payment) -> LedgerFuture<'a, ()>;

    /// The account's payment of this id.
    fn payment<'a>(&'a self, account: &'a str, id: &'a str) -> LedgerFuture<'a, Option<Payment>>;

    /// The account's payments, in the order in which they were made.
    fn payments<'a>(&'a self, account: &'a str) -> LedgerFuture<'a, Vec<Payment>>;

    /// Gives a part back and counts the effect, in one step; one `refund` of
    /// an id once.
    fn refund<'a>(
        &'a self,
        account: &'a str,
        id: &'a str,
        refund: &'a str,
        amount: u32,
    ) -> LedgerFuture<'a, Refunded>;

    /// All effects of all accounts.
    fn effects(&self) -> LedgerFuture<'_, Effects>;
}

/// What became of a refund.
#[derive(Debug, Clone)]
pub enum Refunded {
    /// It is done; the payment as it stands now.
    Done(Payment),
    /// Only so much is left to give back.
    TooMuch {
        /// In the payment's minor unit.
        left: u32,
    },
    /// The account has no such payment.
    Unknown,
}

/// How often the effect was reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Effects {
    /// In all.
    pub effects: u64,
    /// For each reference; refunds count under their payment's.
    pub by_reference: BTreeMap<String, u64>,
}

/// The answer of a ledger.
pub type LedgerFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, LedgerError>> + Send + 'a>>;

/// The ledger's database did not do what it was asked. The texts hold no names,
/// values or parts of a URL.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// It did not answer; what was asked may or may not have happened.
    #[error("the payments' database does not answer: {why}; check that it runs and can be reached")]
    Unavailable {
        /// What the client library saw.
        why: String,
    },
    /// It said no, and will again.
    #[error(
        "the payments' database refused: {why}; check that this service may create, read and \
         write its tables `payments` and `ledger`"
    )]
    Refused {
        /// Its reason, as a code.
        why: String,
    },
}
