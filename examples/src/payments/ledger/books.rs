//! What a payment or a refund writes, wherever it is written: into the ledger's
//! own transactions, or into one that carries the idempotency record too.

use super::{Ledger, LedgerFuture, Refunded};
use crate::payments::payment::Payment;

/// The ledger, open for one request.
pub(in crate::payments) trait Books: Send {
    /// As of [`Ledger::effect`].
    fn effect<'a>(&'a mut self, id: &'a str, reference: &'a str) -> LedgerFuture<'a, ()>;

    /// As of [`Ledger::pay`].
    fn pay<'a>(&'a mut self, account: &'a str, payment: &'a Payment) -> LedgerFuture<'a, ()>;

    /// As of [`Ledger::refund`].
    fn refund<'a>(
        &'a mut self,
        account: &'a str,
        id: &'a str,
        refund: &'a str,
        amount: u32,
    ) -> LedgerFuture<'a, Refunded>;
}

/// Each entry is committed at once.
impl Books for &dyn Ledger {
    fn effect<'a>(&'a mut self, id: &'a str, reference: &'a str) -> LedgerFuture<'a, ()> {
        Ledger::effect(*self, id, reference)
    }

    fn pay<'a>(&'a mut self, account: &'a str, payment: &'a Payment) -> LedgerFuture<'a, ()> {
        Ledger::pay(*self, account, payment)
    }

    fn refund<'a>(
        &'a mut self,
        account: &'a str,
        id: &'a str,
        refund: &'a str,
        amount: u32,
    ) -> LedgerFuture<'a, Refunded> {
        Ledger::refund(*self, account, id, refund, amount)
    }
}
