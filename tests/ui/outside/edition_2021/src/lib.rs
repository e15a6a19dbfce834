//! A user's crate of edition 2021, as strict as a crate may be.
#![forbid(unsafe_code)]
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    future_incompatible,
    let_underscore,
    nonstandard_style,
    rust_2018_idioms,
    rust_2024_compatibility,
    unreachable_pub,
    unused,
    unused_lifetimes,
    unused_qualifications,
    clippy::all,
    clippy::pedantic
)]

use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::{FromRef, Path, State};
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use idempotent_runtime::{idempotent, Idempotency};

/// The state.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    idempotency: Idempotency,
    tenant: Arc<str>,
}

/// A payment to take.
#[derive(Debug, serde::Deserialize, serde::Serialize)]
pub struct New {
    id: String,
    amount: u64,
}

/// Takes a payment.
#[idempotent(scope = (tenant, *id), ttl = "1h", state = App, fingerprint = new)]
pub async fn pay(
    State(App { ref tenant, mut idempotency }): State<App>,
    Path(mut id): Path<u32>,
    Json(mut new): Json<New>,
) -> impl IntoResponse {
    idempotency = idempotency.clone();
    id += 1;
    new.amount += u64::from(id);
    format!("{tenant} {} {} {idempotency:?}", new.id, new.amount)
}

#[idempotent(scope = public)]
async fn tick() {}

/// The routes.
pub fn router() -> Router<App> {
    Router::new().route("/{id}", post(pay)).route("/tick", post(tick))
}

/// What a charge may end in.
#[derive(Debug)]
#[non_exhaustive]
pub enum ChargeError {
    /// Not run.
    NotRun,
}

impl From<idempotent_runtime::Error> for ChargeError {
    fn from(_: idempotent_runtime::Error) -> Self {
        Self::NotRun
    }
}

/// Charges.
///
/// # Errors
/// When it was not run.
#[idempotent(store = app.idempotency, key = new.id)]
pub async fn charge(app: &App, mut new: New) -> Result<u64, ChargeError> {
    new.amount += app.tenant.len() as u64;
    Ok(new.amount)
}

/// A trait of this edition.
#[async_trait]
pub trait Charge {
    /// Charges.
    async fn charge(&mut self, new: &New) -> Result<u64, ChargeError>;
}

#[async_trait]
impl Charge for App {
    #[idempotent(store = self.idempotency, key = new.id, name = "app.charge")]
    async fn charge(&mut self, new: &New) -> Result<u64, ChargeError> {
        if new.amount == 0 {
            return Err(ChargeError::NotRun);
        }
        self.tenant = Arc::from(new.id.as_str());
        Ok(new.amount)
    }
}
