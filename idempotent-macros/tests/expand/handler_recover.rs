#[idempotent(scope = account.id, on_interrupt = recover(bank::find_charge))]
async fn pay(account: Account, State(app): State<App>, Json(new): Json<New>) -> Result<Json<Paid>, AppError> {
    app.charge(account, new).await
}
