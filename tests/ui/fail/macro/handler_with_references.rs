//! References are no extractors.

use idempotent_runtime::idempotent;

#[idempotent(scope = public)]
async fn pay(order: &str) -> String {
    order.to_owned()
}

fn main() {}
