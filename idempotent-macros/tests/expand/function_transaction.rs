#[idempotent(store = app.transactional, key = order.id, transaction = tx)]
async fn charge(app: &App, mut tx: &mut PgTransaction<'_>, order: Order) -> Result<Receipt, ChargeError> {
    app.charge(&mut tx, order).await
}

#[idempotent(store = app.transactional, key = order.id, transaction = tx, persist = classify)]
async fn refund(app: &App, tx: &mut PgTransaction<'_>, order: Order) -> Result<Receipt, ChargeError> {
    app.refund(tx, order).await
}
