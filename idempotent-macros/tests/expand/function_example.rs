/// Charges an order once.
#[idempotent(store = app.idempotency, key = order.id, fingerprint = order)]
pub async fn charge(app: &App, mut order: Order) -> Result<Receipt, ChargeError> {
    order.normalise();
    let receipt = app.bank.charge(&order).await?;
    Ok(receipt)
}
