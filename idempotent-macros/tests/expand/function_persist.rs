#[idempotent(store = store, key = id, persist = all)]
async fn all(store: &Idempotency, id: &str) -> Result<u32, Refused> {
    run(id).await
}

#[idempotent(store = store, key = id, persist = is_final)]
async fn by(store: &Idempotency, id: &str) -> Result<u32, Refused> {
    run(id).await
}
