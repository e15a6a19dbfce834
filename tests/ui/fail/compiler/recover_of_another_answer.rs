//! What was found is the function's own kind of answer.

use idempotent_runtime::{Attempt, Error, Idempotency, Recovered, idempotent};

async fn find(_: &Attempt, _: &Idempotency, order: &u64) -> Recovered<Result<String, Error>> {
    Recovered::Answer(Ok(order.to_string()))
}

#[idempotent(store = store, key = order, on_interrupt = recover(find))]
async fn charge(store: &Idempotency, order: u64) -> Result<u64, Error> {
    let _ = store;
    Ok(order)
}

fn main() {}
