#[idempotent(scope = app.tenant, crate = crate::vendor::idempotent_runtime)]
async fn pay(State(app): State<App>) -> String {
    #![allow(clippy::too_many_lines)]
    const FEE: u64 = 5;
    "done".to_owned()
}
