//! To find out what happened takes time.

use idempotent_runtime::{Attempt, Recovered, idempotent};

fn look_up(_: &Attempt) -> Recovered<&'static str> {
    Recovered::Unknown
}

#[idempotent(scope = public, on_interrupt = recover(look_up))]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
