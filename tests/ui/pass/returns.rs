//! Every return type that axum takes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use idempotent_runtime::idempotent;

use super::world::{App, Order, replays};

#[tokio::test]
async fn nothing() {
    #[idempotent(scope = public)]
    async fn tick(State(app): State<App>) {
        app.effects.add();
    }
    replays(post(tick)).await;
}

#[tokio::test]
async fn opaque_ones() {
    #[idempotent(scope = public)]
    async fn opaque(State(app): State<App>, Json(order): Json<Order>) -> impl IntoResponse {
        (
            StatusCode::CREATED,
            [("location", order.id)],
            app.effects.add().to_string(),
        )
    }
    replays(post(opaque)).await;
}

#[tokio::test]
async fn opaque_inside_a_result() {
    #[idempotent(scope = public)]
    async fn opaque_result(Json(order): Json<Order>) -> Result<impl IntoResponse, Redirect> {
        if order.amount == 0 {
            return Err(Redirect::to("/"));
        }
        Ok(order.id)
    }
    replays(post(opaque_result)).await;
}

#[tokio::test]
async fn a_result_with_question_marks_and_early_returns() {
    #[idempotent(scope = public)]
    async fn early(Json(order): Json<Order>) -> Result<Json<u64>, (StatusCode, String)> {
        if order.amount > 100 {
            return Err((StatusCode::BAD_REQUEST, "too much".into()));
        }
        let number = order.id.split('-').nth(1).unwrap_or_default();
        let number: u64 = number
            .parse()
            .map_err(|error| (StatusCode::BAD_REQUEST, format!("{error}")))?;
        Ok(Json(number))
    }
    replays(post(early)).await;
}

#[tokio::test]
async fn a_response() {
    #[idempotent(scope = public)]
    async fn response(State(app): State<App>) -> Response {
        let count = app.effects.add();
        tokio::task::yield_now().await;
        count.to_string().into_response()
    }
    replays(post(response)).await;
}

#[tokio::test]
async fn a_result_of_nothing() {
    #[idempotent(scope = public)]
    async fn unit_result(State(app): State<App>) -> Result<(), StatusCode> {
        app.effects.add();
        Ok(())
    }
    replays(post(unit_result)).await;
}
