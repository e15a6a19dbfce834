//! A page for operators is no router before it is said who may see it.

use axum::Router;
use idempotent_runtime::{Idempotency, admin};

fn page(idempotency: &Idempotency) -> Router {
    admin::router(idempotency).actions()
}

fn main() {}
