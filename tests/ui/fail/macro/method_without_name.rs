//! Two `charge`s of one module would share keys.

use idempotent_runtime::{Idempotency, idempotent};

struct Shop {
    store: Idempotency,
}

impl Shop {
    #[idempotent(store = self.store, key = id)]
    async fn charge(&self, id: &str) -> Result<String, idempotent_runtime::Error> {
        let _ = &self.store;
        Ok(id.to_owned())
    }
}

fn main() {}
