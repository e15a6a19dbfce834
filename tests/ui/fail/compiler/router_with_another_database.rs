//! A router whose state has a transactional store of another database.

use axum::Router;
use axum::extract::FromRef;
use axum::routing::post;
use idempotent_runtime::{SqliteStore, Transactional, idempotent};

#[derive(Clone, FromRef)]
struct App {
    transactional: Transactional<SqliteStore>,
}

#[idempotent(scope = public, transaction = tx)]
async fn pay(tx: &mut sqlx::PgTransaction<'_>) -> &'static str {
    let _ = tx;
    "paid"
}

fn main() {
    let _: Router<App> = Router::new().route("/pay", post(pay));
}
