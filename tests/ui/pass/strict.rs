//! A user's module that forbids and denies what one may: no warning may come
//! from the expansion.

#![forbid(unsafe_code)]
#![deny(
    warnings,
    missing_docs,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    let_underscore,
    nonstandard_style,
    rust_2018_idioms,
    unused,
    explicit_outlives_requirements,
    missing_copy_implementations,
    missing_debug_implementations,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unused_lifetimes,
    unused_qualifications,
    unused_results
)]

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::routing::post;
use idempotent_runtime::{Idempotency, idempotent};

use super::world::{Account, App, Order, Refused, replays};

/// Takes a payment.
#[idempotent(scope = (account.id, *id), ttl = "1h", state = App)]
pub async fn pay(
    account: Account,
    Path(id): Path<u32>,
    State(mut app): State<App>,
    Json(order): Json<Order>,
) -> impl IntoResponse {
    app.effects = app.effects.clone();
    (
        account.id,
        Json(app.effects.add() + u64::from(id) + order.amount),
    )
        .1
}

/// Answers without an await.
#[idempotent(scope = account.id)]
pub async fn only_the_attribute_uses_it(account: Account) -> &'static str {
    use std::fmt::Write as _;
    let mut paid = String::new();
    write!(paid, "paid").expect("a string takes all");
    "paid"
}

/// Charges an order.
///
/// # Errors
/// When refused.
#[idempotent(store = store, key = order.id, fingerprint = order)]
pub async fn charge(store: &Idempotency, mut order: Order) -> Result<u64, Refused> {
    const FEE: u64 = 1;
    order.amount += FEE;
    Ok(order.amount)
}

/// A till.
#[derive(Debug)]
pub struct Till {
    total: u64,
}

impl Till {
    /// Charges an order.
    ///
    /// # Errors
    /// When refused.
    #[idempotent(store = store, key = order.id, name = "strict.till")]
    pub async fn charge(&mut self, store: &Idempotency, order: &Order) -> Result<u64, Refused> {
        self.total += order.amount;
        Ok(self.total)
    }
}

#[tokio::test]
async fn nothing_is_warned_of() {
    replays(post(pay)).await;
    replays(post(only_the_attribute_uses_it)).await;
    let (store, mut till) = (Idempotency::in_memory(), Till { total: 0 });
    assert_eq!(charge(&store, Order::new()).await, Ok(6));
    assert_eq!(till.charge(&store, &Order::new()).await, Ok(5));
    assert_eq!(till.charge(&store, &Order::new()).await, Ok(5));
}
