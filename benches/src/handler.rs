//! The handler that every subject wraps: a 197-byte body in, a 222-byte
//! answer out, and nothing slow in between.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use axum::Json;
use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct NewPayment {
    pub amount: u64,
    pub currency: String,
    pub card: String,
    pub reference: String,
    pub description: String,
}

/// What is answered.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Payment {
    pub id: String,
    pub amount: u64,
    pub currency: String,
    pub reference: String,
    pub status: String,
    pub description: String,
}

static PAYMENTS: AtomicU64 = AtomicU64::new(0);

/// Pays.
pub async fn pay(Json(new): Json<NewPayment>) -> Json<Payment> {
    Json(settle(new))
}

/// The work of `pay`, for subjects that are no handlers.
pub fn settle(new: NewPayment) -> Payment {
    let number = PAYMENTS.fetch_add(1, Relaxed);
    Payment {
        id: format!("pay_{number:016x}"),
        amount: new.amount,
        currency: new.currency,
        reference: new.reference,
        status: "succeeded".to_owned(),
        description: new.description,
    }
}

/// A request's body.
pub fn new_payment() -> NewPayment {
    NewPayment {
        amount: 1250,
        currency: "EUR".to_owned(),
        card: "tok_ok".to_owned(),
        reference: "order-2026-000000000001".to_owned(),
        description:
            "Two tickets to the opera, row 7, seats 12 and 13, on 31 December 2026, and a glass"
                .to_owned(),
    }
}
