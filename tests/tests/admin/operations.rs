//! What the page says of each operation of this binary.

use axum::http::StatusCode;
use idempotent_runtime::{Idempotency, idempotent};

use crate::world::{READER, Service};

/// A handler whose body runs again behind some replays.
#[idempotent(scope = public, name = "shop::quote", rerun_safe_sample = 0.001)]
async fn quote() -> &'static str {
    "quoted"
}

#[tokio::test]
async fn an_operation_whose_body_runs_again_says_so() {
    let _: axum::Router<Idempotency> = axum::Router::new().route("/", axum::routing::post(quote));
    let page = Service::new().get(READER, "/operations").await;
    assert_eq!(page.status, StatusCode::OK);
    let words = page.words();
    let said = "Reruns behind 0.1 % of replays, with all effects: to find drift";
    assert_eq!(words.matches(said).count(), 1, "{words}");
    assert_eq!(words.matches("Reruns").count(), 1, "of no other: {words}");
}
