#[idempotent(
    store = &app.idempotency,
    key = format!("{}:{}", order.id, line),
    scope = order.account,
    fingerprint = none,
    ttl = "7d",
    lease = "10s",
    on_conflict = wait("1500ms"),
    on_interrupt = reject,
    persist = success,
    max_key_age = "7d",
    name = "orders.charge",
)]
async fn charge(app: &App, order: Order, line: u32) -> Result<Receipt, ChargeError> {
    app.bank.charge(&order, line).await
}
