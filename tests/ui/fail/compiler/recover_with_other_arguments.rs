//! The function that finds out what happened is lent all arguments.

use axum::Json;
use axum::extract::Path;
use idempotent_runtime::{Attempt, Recovered, idempotent};

async fn look_up(_: &Attempt, Json(amount): &Json<u64>) -> Recovered<Json<u64>> {
    Recovered::Answer(Json(*amount))
}

#[idempotent(scope = public, on_interrupt = recover(look_up))]
async fn pay(Path(_account): Path<u64>, Json(amount): Json<u64>) -> Json<u64> {
    Json(amount)
}

fn main() {}
