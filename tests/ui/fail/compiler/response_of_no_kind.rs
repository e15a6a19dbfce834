//! A handler's answer is a response.

use idempotent_runtime::idempotent;

struct Paid;

#[idempotent(scope = public)]
async fn pay() -> Paid {
    Paid
}

fn main() {}
