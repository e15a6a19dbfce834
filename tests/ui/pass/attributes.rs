//! Other attributes on a handler and on its arguments, above and below ours.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::post;
use idempotent_runtime::idempotent;

use super::world::{Account, App, Order, replays};

#[tokio::test]
async fn docs_lints_and_must_use() {
    /// Takes a payment.
    #[doc(alias = "charge")]
    #[idempotent(scope = public)]
    #[allow(unused_variables)]
    #[must_use = "an answer"]
    #[inline]
    async fn documented(#[allow(unused)] State(app): State<App>) -> &'static str {
        let unused = 1;
        "paid"
    }
    replays(post(documented)).await;
}

#[tokio::test]
async fn an_expected_lint_is_still_expected_once() {
    #[idempotent(scope = public)]
    #[expect(unused_variables)]
    async fn expecting() -> &'static str {
        let unused = 1;
        "paid"
    }
    replays(post(expecting)).await;
}

#[tokio::test]
async fn deprecated() {
    #[idempotent(scope = public)]
    #[deprecated = "use another"]
    async fn outdated() -> &'static str {
        "paid"
    }
    #[allow(deprecated)]
    let handler = outdated;
    replays(post(handler)).await;
}

#[tokio::test]
async fn cfg_on_the_handler() {
    #[idempotent(scope = public)]
    #[cfg(test)]
    async fn configured() -> &'static str {
        "this one"
    }
    #[cfg(not(test))]
    #[idempotent(scope = public)]
    async fn configured() -> Nowhere {
        "not this one"
    }
    #[cfg_attr(test, idempotent(scope = public))]
    async fn conditional() -> &'static str {
        "annotated"
    }
    replays(post(configured)).await;
    replays(post(conditional)).await;
}

#[tokio::test]
async fn cfg_on_arguments() {
    #[idempotent(scope = account.id)]
    async fn first(
        #[cfg(not(test))] account: Nowhere,
        #[cfg(test)] account: Account,
        State(app): State<App>,
    ) -> String {
        app.effects.add().to_string()
    }
    #[idempotent(scope = account.id)]
    async fn last_kept(account: Account, #[cfg(test)] Json(order): Json<Order>) -> String {
        order.id
    }
    #[idempotent(scope = account.id)]
    async fn last_removed(account: Account, #[cfg(not(test))] Json(order): Nowhere) -> String {
        account.id
    }
    #[idempotent(scope = public)]
    async fn all_removed(
        #[cfg(not(test))] a: Nowhere,
        #[cfg(not(test))] b: Nowhere,
    ) -> &'static str {
        "paid"
    }
    replays(post(first)).await;
    replays(post(last_kept)).await;
    replays(post(last_removed)).await;
    replays(post(all_removed)).await;
}

#[tokio::test]
async fn inner_attributes_of_the_body() {
    #[idempotent(scope = account.id)]
    async fn headed(account: Account) -> &'static str {
        #![allow(unused_variables)]
        const PAID: &str = "paid";
        let unused = 1;
        PAID
    }
    replays(post(headed)).await;
}

#[tokio::test]
async fn instrument_above_and_below() {
    #[tracing::instrument(skip_all)]
    #[idempotent(scope = account.id)]
    async fn traced_above(account: Account, State(mut app): State<App>) -> impl IntoResponse {
        app.effects = app.effects.clone();
        app.effects.add().to_string()
    }
    #[idempotent(scope = account.id)]
    #[tracing::instrument(skip(account, app), fields(account = %account.id))]
    async fn traced_below(account: Account, State(app): State<App>) -> Result<String, String> {
        Ok(app.effects.add().to_string())
    }
    replays(post(traced_above)).await;
    replays(post(traced_below)).await;
}

#[tokio::test]
async fn debug_handler_above_and_below() {
    #[axum::debug_handler]
    #[idempotent(scope = account.id)]
    async fn debugged_above(
        account: Account,
        State(app): State<App>,
        Json(order): Json<Order>,
    ) -> String {
        format!("{} {}", order.id, app.effects.add())
    }
    #[idempotent(scope = account.id)]
    #[axum::debug_handler]
    async fn debugged_below(
        account: Account,
        State(app): State<App>,
        Json(order): Json<Order>,
    ) -> String {
        format!("{} {}", order.id, app.effects.add())
    }
    replays(post(debugged_above)).await;
    replays(post(debugged_below)).await;
}

#[tokio::test]
async fn debug_handler_below_finds_the_state() {
    #[idempotent(scope = public)]
    #[axum::debug_handler]
    async fn last(State(app): State<App>) -> String {
        app.effects.add().to_string()
    }
    #[idempotent(scope = public, state = App)]
    #[axum::debug_handler]
    async fn declared() -> &'static str {
        "paid"
    }
    #[idempotent(scope = public)]
    #[axum::debug_handler(state = App)]
    async fn own(Json(order): Json<Order>) -> String {
        order.id
    }
    replays(post(last)).await;
    replays(post(declared)).await;
    replays(post(own)).await;
}

#[tokio::test]
async fn everything_at_once() {
    /// Takes a payment.
    #[tracing::instrument(skip_all)]
    #[idempotent(scope = account.id)]
    #[axum::debug_handler]
    #[allow(clippy::unused_async)]
    #[must_use]
    async fn everything(account: Account, State(app): State<App>) -> String {
        app.effects.add().to_string()
    }
    replays(post(everything)).await;
}
