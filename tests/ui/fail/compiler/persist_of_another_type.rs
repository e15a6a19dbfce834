//! A classifier looks at the response.

use idempotent_runtime::idempotent;

fn is_final(code: u16) -> bool {
    code < 500
}

#[idempotent(scope = public, persist = is_final)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
