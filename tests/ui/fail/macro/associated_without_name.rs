//! So would two associated ones.

use idempotent_runtime::{Idempotency, idempotent};

struct Shop {
    store: Idempotency,
}

impl Shop {
    #[idempotent(store = shop.store, key = id)]
    async fn charge(shop: &Self, id: &str) -> Result<String, idempotent_runtime::Error> {
        let _ = &shop.store;
        Ok(id.to_owned())
    }
}

fn main() {}
