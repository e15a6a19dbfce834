impl Charge for Shop {
    #[allow(clippy::type_complexity)]
    #[idempotent(store = self.idempotency, key = order.id, name = "shop.charge")]
    fn charge<'life0, 'life1, 'async_trait>(
        &'life0 self,
        order: &'life1 Order,
    ) -> ::core::pin::Pin<Box<dyn ::core::future::Future<Output = Result<Receipt, ChargeError>> + ::core::marker::Send + 'async_trait>>
    where
        'life0: 'async_trait,
        'life1: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(async move {
            let __ret: Result<Receipt, ChargeError> = { self.bank.charge(order).await };
            __ret
        })
    }
}
