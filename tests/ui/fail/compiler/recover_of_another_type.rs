//! What happened is an answer, that it did not happen, or unknown.

use idempotent_runtime::{Attempt, idempotent};

async fn look_up(_: &Attempt) -> Option<&'static str> {
    None
}

#[idempotent(scope = public, on_interrupt = recover(look_up))]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
