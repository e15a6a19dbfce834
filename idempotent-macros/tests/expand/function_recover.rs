#[idempotent(store = self.idempotency, key = order.id, name = "orders.charge", on_interrupt = recover(Self::find_charge))]
async fn charge(&self, order: &Order, mut line: u32) -> Result<Receipt, ChargeError> {
    self.bank.charge(order, line).await
}
