//! What is lent to `recover` must have a name.

use idempotent_runtime::{Attempt, Error, Idempotency, Recovered, idempotent};

async fn find(_: &Attempt, _: &Idempotency, _: &(u64, u64)) -> Recovered<Result<u64, Error>> {
    Recovered::Unknown
}

#[idempotent(store = store, key = order, on_interrupt = recover(find))]
async fn charge(store: &Idempotency, (order, _line): (u64, u64)) -> Result<u64, Error> {
    Ok(order)
}

fn main() {}
