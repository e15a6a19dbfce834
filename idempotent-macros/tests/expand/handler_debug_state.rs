#[idempotent(scope = public, state = App)]
#[debug_handler]
async fn declared(Json(new): Json<New>) -> String {
    charge(new).await
}

#[idempotent(scope = public)]
#[debug_handler(state = Own)]
async fn own(State(app): State<App>) -> String {
    app.charge().await
}

#[idempotent(scope = public)]
#[debug_handler]
async fn several(State(a): State<A>, State(b): State<B>) -> String {
    charge(a, b).await
}
