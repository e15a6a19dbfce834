impl Shop {
    #[idempotent(store = self.idempotency, key = order.id, name = "shop.charge")]
    pub async fn charge(&self, order: &Order) -> Result<Receipt, ChargeError> {
        self.bank.charge(order).await
    }

    #[idempotent(store = self.idempotency, key = order.id, name = "shop.count")]
    #[tracing::instrument(skip_all)]
    async fn count(&mut self, order: &Order) -> Result<u64, ChargeError> {
        self.count += order.lines;
        Ok(self.count)
    }

    #[idempotent(store = self.idempotency, key = id, name = "shop.ship")]
    async fn ship(self: Arc<Self>, id: String) -> Result<(), ChargeError> {
        self.dispatch(id).await
    }

    #[idempotent(store = shop.idempotency, key = id, name = "shop.open")]
    async fn open(shop: &Self, id: String) -> Result<(), ChargeError> {
        shop.dispatch(id).await
    }
}
