//! What is measured, each as a router with `POST /pay`.

mod floor;
mod ours;
mod peers;
#[cfg(feature = "metrics")]
pub mod telemetry;

use axum::Router;
use axum::routing::post;

use crate::handler::pay;
use crate::requests::Requests;

pub use self::ours::{Jobs, job};

/// A router, and how it wants to be asked.
pub struct Subject {
    pub name: &'static str,
    pub router: Router,
    pub requests: Requests,
    /// Whether retries are replayed; the bare handler runs again.
    pub replays: bool,
}

impl Subject {
    fn new(name: &'static str, router: Router) -> Self {
        Self {
            name,
            router,
            requests: Requests::new(None),
            replays: true,
        }
    }
}

/// The handler by itself.
pub fn bare() -> Subject {
    Subject {
        replays: false,
        ..Subject::new("bare handler", Router::new().route("/pay", post(pay)))
    }
}

/// All of them, the bare handler first.
pub async fn all() -> Vec<Subject> {
    vec![
        bare(),
        floor::handler(),
        ours::handler(),
        ours::layer(),
        peers::idempotent(),
        peers::axum_idempotent().await,
    ]
}

/// The annotated handler.
pub fn annotated() -> Subject {
    ours::handler()
}

/// The layer.
pub fn layered() -> Subject {
    ours::layer()
}
