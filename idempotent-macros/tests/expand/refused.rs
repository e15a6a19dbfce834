/// Several mistakes at once; the function stays as it was.
#[idempotent(tll = "24h", lease = "2d", header = "Cookie", on_conflict = queue)]
#[tracing::instrument(skip_all)]
pub async fn pay(State(mut app): State<App>, socket: WebSocketUpgrade) -> impl IntoResponse {
    app.pay(socket).await
}

#[idempotent(store = store)]
unsafe extern "C" fn charge<T>(store: &Idempotency) {
    todo!()
}
