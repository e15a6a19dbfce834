#[idempotent(store = store, key = order.id(), name = "orders.charge")]
pub async fn charge<'a, O, const N: usize>(store: &'a Idempotency, order: &'a O, note: impl AsRef<str> + 'a) -> Result<Cow<'a, str>, ChargeError>
where
    O: Order<'a> + Sync,
{
    order.charge::<N>(note.as_ref()).await
}
