//! A fingerprint that is another at each call.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, fingerprint = Instant::now())]
async fn pay(event: String) -> String {
    event
}

fn main() {}
