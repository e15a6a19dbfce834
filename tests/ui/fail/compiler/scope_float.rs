//! A scope has one text form.

use idempotent_runtime::idempotent;

#[idempotent(scope = (5.0, "eu"))]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
