#[idempotent(scope = public, name = "payments.create")]
pub async fn pay<'a, S: Payments<'a>, const N: usize>(State(payments): State<S>, amount: impl Amount) -> impl IntoResponse
where
    S: Clone,
{
    payments.charge::<N>(amount).await
}
