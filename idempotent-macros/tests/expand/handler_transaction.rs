#[idempotent(scope = account.id, transaction = tx, state = App)]
async fn pay(account: Account, tx: &mut PgTransaction<'_>, Json(new): Json<New>) -> Result<Json<Paid>, AppError> {
    let paid = account.charge(&mut **tx, &new).await?;
    Ok(Json(paid))
}

#[idempotent(scope = public, transaction = tx, claim = before, on_interrupt = recover(find))]
async fn refund(tx: &mut PgTransaction<'_>) -> StatusCode {
    refund_all(tx).await
}
