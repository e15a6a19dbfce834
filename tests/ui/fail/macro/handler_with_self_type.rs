//! A handler does not stand in an `impl`.

use idempotent_runtime::idempotent;

struct Shop;

impl Shop {
    #[idempotent(scope = public)]
    async fn pay(shop: Self) -> &'static str {
        let Self = shop;
        "paid"
    }
}

fn main() {}
