#[cfg(feature = "bodies")]
#[::idempotent_runtime::idempotent(scope = public)]
async fn pay(
    #[cfg(feature = "tenants")]
    tenant: Tenant,
    State(app): State<App>,
    Json(new): Json<New>,
) -> String {
    app.charge().await
}
#[cfg(not(feature = "bodies"))]
#[::idempotent_runtime::idempotent(scope = public)]
async fn pay(
    #[cfg(feature = "tenants")]
    tenant: Tenant,
    State(app): State<App>,
) -> String {
    app.charge().await
}
