#[idempotent(key = event.id, scope = public, fingerprint = event.body)]
async fn webhook(Json(event): Json<Event>) -> StatusCode {
    apply(event).await
}
