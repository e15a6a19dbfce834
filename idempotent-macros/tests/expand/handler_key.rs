#[idempotent(key = event.id, scope = format!("{}/{provider}", event.account))]
pub(crate) async fn webhook(Path(provider): Path<String>, Json(event): Json<Event>) -> StatusCode {
    apply(event).await
}
