//! A lease shorter than a heartbeat.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, lease = "1ms")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
