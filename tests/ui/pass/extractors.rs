//! Handlers of 0 to 16 extractors, whatever the last one is.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, Query, Request, State};
use axum::http::{HeaderMap, Method, Uri, Version};
use axum::routing::post;
use idempotent_runtime::http::IdempotencyKey;
use idempotent_runtime::{Attempt, idempotent};
use serde::Deserialize;

use super::world::{Account, App, Order, replays};

#[derive(Deserialize)]
struct Page {
    page: u32,
}

#[tokio::test]
async fn none() {
    #[idempotent(scope = public)]
    async fn tick() -> &'static str {
        "tock"
    }
    replays(post(tick)).await;
}

#[tokio::test]
async fn one_with_a_body() {
    #[idempotent(scope = public)]
    async fn one_body(Json(order): Json<Order>) -> String {
        order.id
    }
    replays(post(one_body)).await;
}

#[tokio::test]
async fn one_of_parts_only() {
    #[idempotent(scope = public)]
    async fn one_part(State(app): State<App>) -> String {
        app.effects.add().to_string()
    }
    replays(post(one_part)).await;
}

#[tokio::test]
async fn two() {
    #[idempotent(scope = account.id)]
    async fn both(account: Account, Json(order): Json<Order>) -> String {
        account.id + &order.id
    }
    replays(post(both)).await;
}

#[tokio::test]
async fn the_whole_request_last() {
    #[idempotent(scope = public)]
    async fn whole(State(app): State<App>, request: Request) -> String {
        format!("{} {}", request.uri(), app.effects.add())
    }
    replays(post(whole)).await;
}

#[tokio::test]
async fn bytes_and_strings_last() {
    #[idempotent(scope = public)]
    async fn bytes(_: State<App>, body: Bytes) -> String {
        body.len().to_string()
    }
    #[idempotent(scope = public)]
    async fn text(body: String) -> String {
        body
    }
    replays(post(bytes)).await;
    replays(post(text)).await;
}

#[tokio::test]
async fn optional_and_fallible_ones() {
    #[idempotent(scope = account.as_ref().map_or("nobody", |account| account.id.as_str()))]
    async fn optional(
        account: Result<Account, axum::http::StatusCode>,
        order: Option<Json<Order>>,
    ) -> String {
        format!("{} {}", account.is_ok(), order.is_some())
    }
    replays(post(optional)).await;
}

#[tokio::test]
async fn those_of_the_runtime() {
    #[idempotent(scope = public)]
    async fn ours(key: IdempotencyKey, attempt: Attempt, Json(order): Json<Order>) -> String {
        let _ = (key, attempt);
        order.id
    }
    replays(post(ours)).await;
}

#[tokio::test]
async fn sixteen() {
    #[idempotent(scope = (account.id, *id, query.page))]
    #[allow(clippy::too_many_arguments)]
    async fn wide(
        account: Account,
        Path(id): Path<u32>,
        Query(query): Query<Page>,
        State(app): State<App>,
        headers: HeaderMap,
        method: Method,
        uri: Uri,
        version: Version,
        OriginalUri(original): OriginalUri,
        _: State<App>,
        _: HeaderMap,
        _: Method,
        _: Uri,
        _: Version,
        _: Account,
        Json(order): Json<Order>,
    ) -> String {
        format!(
            "{} {id} {} {} {} {method} {uri} {version:?} {original} {order:?}",
            account.id,
            query.page,
            app.effects.add(),
            headers.len()
        )
    }
    replays(post(wide)).await;
}
