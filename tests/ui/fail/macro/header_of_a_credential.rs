//! A credential is no key.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, header = "Authorization")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
