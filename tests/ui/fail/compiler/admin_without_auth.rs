use axum::Router;
use idempotent_runtime::{Idempotency, admin};

fn app(idempotency: &Idempotency) -> Router {
    // Nobody has said who may see it.
    Router::new().nest("/ops", admin::router(idempotency))
}

fn returned(idempotency: &Idempotency) -> Router {
    admin::router(idempotency).actions()
}

fn main() {}
