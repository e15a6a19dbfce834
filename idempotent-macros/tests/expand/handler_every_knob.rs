#[idempotent(
    header = "X-Request-Key",
    required = false,
    scope = (account.tenant, &account.id),
    fingerprint = (id, &new),
    ttl = "48h",
    lease = "1m30s",
    on_conflict = wait("5s"),
    on_interrupt = reject,
    persist = crate::final_answers,
    max_key_age = "1d",
    state = App<Live>,
    name = "payments.create",
)]
async fn pay(account: Account, Path(id): Path<u32>, Json(new): Json<New>) -> Response {
    charge(account, id, new).await
}
