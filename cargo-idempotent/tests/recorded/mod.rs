//! Made of recorded traffic by `cargo idempotent export --to rust`; do not edit it.
//!
//! The test file above it has `mod recorded;` and says how the service is made, anew for
//! each test, and what counts its effects:
//!
//! ```ignore
//! fn app() -> (axum::Router, impl Fn() -> usize) { … }
//! ```

use cargo_idempotent::{Profile, service};
use serde_json::{Value, from_str};

use super::app;

fn json(text: &str) -> Value {
    from_str(text).expect("the recording has JSON here")
}

#[tokio::test(start_paused = true)]
async fn post_orders_is_idempotent() {
    let (app, effects) = app();
    let body = json(r##"{"amount":1,"note":"a \"#b"}"##);
    service(app)
        .request("POST", "/orders", &body)
        .other(json(r#"{"amount":2,"note":"c"}"#))
        .failing(json(r#"{"amount":-1,"note":"c"}"#))
        .header("X-Tenant", "tea \"house\"")
        .ledger(effects)
        .check(Profile::Default)
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn post_refunds_is_idempotent() {
    let (app, effects) = app();
    let body = json("null");
    service(app)
        .request("POST", "/refunds", &body)
        .ledger(effects)
        .check(Profile::Default)
        .await
        .unwrap();
}
