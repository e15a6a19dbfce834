//! The words of `on_interrupt`.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, on_interrupt = recover(|attempt| look_up(attempt)))]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
