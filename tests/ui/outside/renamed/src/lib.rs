//! A user's crate in which the runtime has another name, and no crate has ours.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::pedantic)]

use axum::extract::{FromRef, State};
use runtime::{Idempotency, Persist, idempotent};

/// The state.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    idempotency: Idempotency,
}

fn is_final(response: &axum::response::Response) -> Persist {
    if response.status().is_success() { Persist::Yes } else { Persist::No }
}

/// Takes a payment.
#[idempotent(scope = public, state = App, persist = is_final, lease = "5s", crate = ::runtime)]
#[axum::debug_handler]
pub async fn pay(State(app): State<App>, #[cfg(true)] body: String) -> String {
    format!("{app:?} {body}")
}

/// Charges.
///
/// # Errors
/// When it was not run.
#[idempotent(store = app.idempotency, key = id, persist = success, crate = runtime)]
pub async fn charge(app: &App, id: &str) -> Result<String, runtime::Error> {
    Ok(format!("{app:?} {id}"))
}

/// The runtime under a path of this crate.
pub mod vendor {
    pub use runtime as once;

    /// Charges.
    ///
    /// # Errors
    /// When it was not run.
    #[once::idempotent(store = store, key = id, crate = crate::vendor::once)]
    pub async fn charge(store: &once::Idempotency, id: u64) -> Result<u64, once::Error> {
        Ok(id)
    }
}
