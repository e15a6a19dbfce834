//! What the service keeps: payments, and a count of every effect. One trait,
//! one module for each place where it can be kept.

mod memory;

use std::collections::BTreeMap;
use std::pin::Pin;

use serde::Serialize;

pub use self::memory::MemoryLedger;
use super::payment::Payment;

/// Where payments and effects are kept. All instances of the service over one
/// database share them.
pub trait Ledger: Send + Sync + 'static {
    /// Counts an effect under a reference: what a bank's own books would show.
    fn effect<'a>(&'a self, reference: &'a str) -> LedgerFuture<'a, ()>;

    /// Keeps a payment of an account.
    fn insert<'a>(&'a self, account: &'a str, payment: Payment) -> LedgerFuture<'a, ()>;

    /// The account's payment of this id.
    fn payment<'a>(&'a self, account: &'a str, id: &'a str) -> LedgerFuture<'a, Option<Payment>>;

    /// The account's payments, in the order in which they were made.
    fn payments<'a>(&'a self, account: &'a str) -> LedgerFuture<'a, Vec<Payment>>;

    /// Gives a part back and counts the effect, in one step.
    fn refund<'a>(
        &'a self,
        account: &'a str,
        id: &'a str,
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

/// The ledger's database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("the ledger's database failed; check that it runs and can be reached")]
pub struct LedgerError(#[source] pub Box<dyn std::error::Error + Send + Sync>);
