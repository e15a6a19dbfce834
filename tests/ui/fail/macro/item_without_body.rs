//! A trait's method without a body.

use idempotent_runtime::idempotent;

trait Charge {
    #[idempotent(store = self.store, key = id, name = "charge")]
    async fn charge(&self, id: &str);
}

fn main() {}
