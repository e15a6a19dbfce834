//! A caller's transaction, which is open already, with a claim before it; and
//! with a lease, which would be the caller's to set.

use idempotent_runtime::idempotent;

#[idempotent(store = store, key = key, transaction = tx, claim = before, lease = "5s")]
async fn pay(store: &Store, key: &str, tx: &mut Tx<'_>) -> Result<u8, Failure> {
    Ok(1)
}

fn main() {}
