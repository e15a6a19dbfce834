//! The words of `on_interrupt`.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, on_interrupt = recover(look_up))]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
