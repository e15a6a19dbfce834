//! The key of a request: the same in every try, and whose it is.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use idempotent_runtime::client::{IdempotentRetry, WithKey};
use idempotent_runtime::{Attempt, Key, idempotent};
use reqwest_middleware::ClientWithMiddleware;
use tests::{App, Refusal, World};

use crate::key;
use crate::wire::Wire;

fn failing(times: usize) -> Wire {
    let status = move |n| {
        if n <= times {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::CREATED
        }
    };
    Wire::answering(status)
}

#[tokio::test(start_paused = true)]
async fn every_try_sends_the_same_one() {
    let wire = failing(3);
    let client = wire.client(IdempotentRetry::new());
    let request = client.post("http://bank/charges").idempotency_key(key());
    assert_eq!(request.send().await.expect("an answer").status(), 201);
    let sent = vec![Some("8e03978e-40d5".to_owned()); 4];
    assert_eq!(wire.header("idempotency-key"), sent);
}

#[tokio::test(start_paused = true)]
async fn its_header_may_have_another_name_and_be_the_callers_own() {
    let wire = failing(1);
    let header = "x-request-key".parse().expect("a name");
    let client = wire.client(IdempotentRetry::new().header(header));
    let request = client.post("http://bank/charges");
    let request = request.header("x-request-key", "mine");
    assert_eq!(request.send().await.expect("an answer").status(), 201);
    assert_eq!(
        wire.header("x-request-key"),
        [Some("mine".into()), Some("mine".into())]
    );
    assert_eq!(wire.header("idempotency-key"), [None, None]);
}

#[tokio::test]
async fn one_that_no_header_can_carry_is_not_sent() {
    let wire = failing(0);
    let client = wire.client(IdempotentRetry::new());
    let beyond = Key::new("grün").expect("a key");
    let request = client.post("http://bank/charges").idempotency_key(beyond);
    let error = request.send().await.expect_err("no header");
    assert!(error.is_middleware() && wire.count() == 0, "{error}");
}

/// A bank that honours keys, and is away at first.
#[idempotent(scope = public)]
async fn charge(State(bank): State<App>) -> axum::response::Response {
    bank.work.run().await
}

#[idempotent(store = world.idempotency, key = "k")]
async fn buy(world: &World, bank: &ClientWithMiddleware, dies: bool) -> Result<String, Refusal> {
    let attempt = Attempt::current().expect("an attempt");
    let request = bank.post("http://bank/charges");
    let request = request.idempotency_key(attempt.child_key("charge"));
    let answer = request.send().await.expect("an answer");
    assert!(!dies, "after the charge, before the answer");
    Ok(answer.text().await.expect("a text"))
}

#[tokio::test(start_paused = true)]
async fn a_rerun_sends_the_child_key_of_the_first_attempt_and_is_charged_once() {
    let bank = World::new(Router::new());
    let charges = Router::new().route("/charges", post(charge));
    let wire = Wire::to(charges.with_state(bank.app()));
    let client = wire.client(IdempotentRetry::new());
    let shop = std::sync::Arc::new(World::of_functions());
    let died = tokio::spawn({
        let (shop, client) = (std::sync::Arc::clone(&shop), client.clone());
        async move { buy(&shop, &client, true).await }
    });
    assert!(died.await.unwrap_err().is_panic());
    tokio::time::sleep(crate::seconds(1)).await;
    let bought = buy(&shop, &client, false).await;
    assert_eq!(bought, Ok("effect 1".into()));
    assert_eq!((wire.count(), bank.work.started()), (2, 1));
    let keys = wire.header("idempotency-key");
    assert_eq!(
        (keys[0].as_ref().map(String::len), &keys[0]),
        (Some(36), &keys[1])
    );
}
