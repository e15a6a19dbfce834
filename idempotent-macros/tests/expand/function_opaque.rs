#[idempotent(store = store, key = id)]
async fn opaque(store: &Idempotency, id: u64) -> Result<impl Answer + use<>, ChargeError> {
    answer(id).await
}
