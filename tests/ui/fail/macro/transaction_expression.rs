//! A transaction that is no parameter's name.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, transaction = app.tx)]
async fn pay(app: App) -> &'static str {
    "paid"
}

fn main() {}
