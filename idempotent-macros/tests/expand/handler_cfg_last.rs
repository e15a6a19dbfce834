#[idempotent(scope = public)]
async fn pay(#[cfg(feature = "tenants")] tenant: Tenant, State(app): State<App>, #[cfg(feature = "bodies")] Json(new): Json<New>) -> String {
    app.charge().await
}
