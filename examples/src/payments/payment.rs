//! What clients send and see.

use serde::{Deserialize, Serialize};

use super::card::Card;

/// A payment that a client asks for.
#[derive(Debug, Clone, Deserialize)]
pub struct NewPayment {
    /// In the currency's minor unit, such as cents.
    pub amount: u32,
    /// Its code, such as `EUR`.
    pub currency: String,
    /// One of the test cards.
    pub card: String,
    /// The client's own name for it; need not be unique.
    pub reference: String,
}

/// A payment that was made.
#[derive(Debug, Clone, Serialize)]
pub struct Payment {
    /// `pay_` and 32 hexadecimal digits.
    pub id: String,
    /// In the currency's minor unit.
    pub amount: u32,
    /// As it was asked.
    pub currency: String,
    /// As it was asked.
    pub reference: String,
    /// Where it stands.
    pub status: Status,
    /// How much went back, in the currency's minor unit.
    pub refunded: u32,
    /// What it was paid with; a refund goes the same way.
    #[serde(skip)]
    pub card: Card,
}

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is paid.
    Succeeded,
    /// All of it went back.
    Refunded,
}

impl Status {
    fn of(amount: u32, refunded: u32) -> Self {
        if refunded == amount {
            Self::Refunded
        } else {
            Self::Succeeded
        }
    }
}

impl Payment {
    /// A payment as a database keeps it.
    #[cfg(any(
        feature = "sqlite",
        feature = "postgres",
        feature = "mysql",
        feature = "redis"
    ))]
    pub(super) fn kept(
        id: String,
        amount: u32,
        currency: String,
        reference: String,
        refunded: u32,
        card: Card,
    ) -> Self {
        let status = Status::of(amount, refunded);
        Self {
            id,
            amount,
            currency,
            reference,
            status,
            refunded,
            card,
        }
    }

    /// Gives back a part; how much is left to give back where it is too much.
    pub fn refund(&mut self, amount: u32) -> Result<(), u32> {
        let left = self.amount.saturating_sub(self.refunded);
        if amount > left {
            return Err(left);
        }
        self.refunded += amount;
        self.status = Status::of(self.amount, self.refunded);
        Ok(())
    }
}

/// A refund that a client asks for.
#[derive(Debug, Clone, Deserialize)]
pub struct NewRefund {
    /// In the payment's currency, in its minor unit.
    pub amount: u32,
}

/// A refund that was made.
#[derive(Debug, Clone, Serialize)]
pub struct Refund {
    /// `ref_` and 32 hexadecimal digits.
    pub id: String,
    /// The payment's id.
    pub payment: String,
    /// In the payment's currency, in its minor unit.
    pub amount: u32,
    /// The payment's currency.
    pub currency: String,
    /// How much of the payment went back in all.
    pub refunded: u32,
}

/// A fresh id; nobody can guess it.
pub(super) fn fresh_id(prefix: &str) -> Result<String, getrandom::Error> {
    let number = u128::from(getrandom::u64()?) << 64 | u128::from(getrandom::u64()?);
    Ok(format!("{prefix}_{number:032x}"))
}
