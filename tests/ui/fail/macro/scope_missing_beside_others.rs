//! A scope is missed among other knobs too.

use idempotent_runtime::idempotent;

#[idempotent(ttl = "1h", on_conflict = wait("5s"))]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
