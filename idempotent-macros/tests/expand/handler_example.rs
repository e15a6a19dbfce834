/// Takes a payment.
#[idempotent(scope = app.tenant)]
pub async fn pay(State(mut app): State<App>, Path(id): Path<u32>, Json(new): Json<New>) -> Result<Json<Paid>, AppError> {
    let paid = app.charge(id, &new).await?;
    Ok(Json(paid))
}
