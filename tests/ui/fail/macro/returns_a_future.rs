//! A future is written as an async fn.

use idempotent_runtime::idempotent;

#[idempotent(scope = public)]
fn pay() -> impl Future<Output = &'static str> {
    async { "paid" }
}

fn main() {}
