/// Takes a payment.
#[idempotent(scope = public)]
#[cfg(feature = "payments")]
#[deprecated = "use v2"]
#[allow(clippy::too_many_lines)]
#[expect(dead_code)]
#[axum::debug_handler]
#[tracing::instrument(skip_all)]
#[inline]
#[must_use]
async fn pay(State(app): State<App>, Json(new): Json<New>) -> String {
    app.charge(new).await
}
