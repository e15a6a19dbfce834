//! Nor does one inside a macro.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, key = format!("{}-{}", event, uuid::Uuid::now_v7()))]
async fn pay(event: String) -> String {
    event
}

fn main() {}
