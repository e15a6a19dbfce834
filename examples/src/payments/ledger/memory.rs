//! A ledger in this process, gone at its end.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Effects, Ledger, LedgerError, LedgerFuture, Refunded};
use crate::payments::payment::Payment;

/// Payments and effects in memory.
#[derive(Debug, Default)]
pub struct MemoryLedger(Mutex<Books>);

#[derive(Debug, Default)]
struct Books {
    /// By id, with the account whose they are.
    payments: HashMap<String, (String, Payment)>,
    /// The ids of an account's payments, in their order.
    accounts: HashMap<String, Vec<String>>,
    /// References, by the effect's id.
    effects: HashMap<String, String>,
}

impl MemoryLedger {
    fn books(&self) -> MutexGuard<'_, Books> {
        // Nothing under the lock can panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn count(&mut self, id: &str, reference: &str) {
        self.effects.insert(id.to_owned(), reference.to_owned());
    }

    fn payment(&mut self, account: &str, id: &str) -> Option<&mut Payment> {
        let (owner, payment) = self.payments.get_mut(id)?;
        (owner == account).then_some(payment)
    }

    fn refund(&mut self, account: &str, id: &str, refund: &str, amount: u32) -> Refunded {
        let Some(payment) = self.payment(account, id) else {
            return Refunded::Unknown;
        };
        if let Err(left) = payment.refund(amount) {
            return Refunded::TooMuch { left };
        }
        let payment = payment.clone();
        self.count(refund, &payment.reference);
        Refunded::Done(payment)
    }
}

impl Ledger for MemoryLedger {
    fn effect<'a>(&'a self, id: &'a str, reference: &'a str) -> LedgerFuture<'a, ()> {
        self.books().count(id, reference);
        known(())
    }

    fn pay<'a>(&'a self, account: &'a str, payment: &'a Payment) -> LedgerFuture<'a, ()> {
        let mut books = self.books();
        books.count(&payment.id, &payment.reference);
        let ids = books.accounts.entry(account.to_owned()).or_default();
        ids.push(payment.id.clone());
        let id = payment.id.clone();
        let kept = (account.to_owned(), payment.clone());
        books.payments.insert(id, kept);
        known(())
    }

    fn payment<'a>(&'a self, account: &'a str, id: &'a str) -> LedgerFuture<'a, Option<Payment>> {
        known(self.books().payment(account, id).cloned())
    }

    fn payments<'a>(&'a self, account: &'a str) -> LedgerFuture<'a, Vec<Payment>> {
        let books = self.books();
        let ids = books.accounts.get(account).into_iter().flatten();
        let payments = ids.filter_map(|id| books.payments.get(id));
        known(payments.map(|(_, payment)| payment.clone()).collect())
    }

    fn refund<'a>(
        &'a self,
        account: &'a str,
        id: &'a str,
        refund: &'a str,
        amount: u32,
    ) -> LedgerFuture<'a, Refunded> {
        known(self.books().refund(account, id, refund, amount))
    }

    fn effects(&self) -> LedgerFuture<'_, Effects> {
        let mut effects = Effects::default();
        for reference in self.books().effects.values() {
            effects.effects += 1;
            *effects.by_reference.entry(reference.clone()).or_default() += 1;
        }
        known(effects)
    }
}

fn known<'a, T: Send + 'a>(answer: T) -> LedgerFuture<'a, T> {
    Box::pin(std::future::ready(Ok::<_, LedgerError>(answer)))
}
