//! A handler takes no `self`.

use idempotent_runtime::idempotent;

struct Shop;

impl Shop {
    #[idempotent(scope = public)]
    async fn pay(&self) -> &'static str {
        "paid"
    }
}

fn main() {}
