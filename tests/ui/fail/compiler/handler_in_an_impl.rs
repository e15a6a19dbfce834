//! An associated handler whose signature does not tell.

use idempotent_runtime::idempotent;

struct Shop;

impl Shop {
    #[idempotent(scope = public)]
    async fn pay() -> &'static str {
        "paid"
    }
}

fn main() {}
