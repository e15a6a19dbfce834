//! The words of `on_conflict`.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, on_conflict = queue)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
