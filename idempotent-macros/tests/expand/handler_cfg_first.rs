#[idempotent(scope = tenant.id)]
async fn pay(#[cfg(feature = "tenants")] tenant: Tenant, State(app): State<App>) -> String {
    app.charge().await
}
