//! What can be looked at.

use examples::client::Request;
use serde_json::json;

use crate::service::{Service, body, payment, refund};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_sees_its_own_payments() {
    let service = Service::start().await;
    let paid = service.ask(&payment("tok_ok", "order-1").key("1")).await;
    let id = paid.json()["id"].clone();
    assert!(id.as_str().is_some_and(|id| id.starts_with("pay_")), "{id}");
    let mut expected = json!({
        "id": id, "amount": 1250, "currency": "EUR", "reference": "order-1",
        "status": "succeeded", "refunded": 0,
    });
    assert_eq!(paid.json(), expected);
    let location = paid.header("location").expect("a place").to_owned();
    assert_eq!(
        json!(location),
        json!(format!("/v1/payments/{}", id.as_str().unwrap()))
    );

    service.ask(&refund(&paid, 1250).key("2")).await;
    expected["refunded"] = json!(1250);
    expected["status"] = json!("refunded");
    let own = service.ask(&Request::get(&location).account("acme")).await;
    assert_eq!((own.status, own.json()), (200, expected.clone()));
    let list = Request::get("/v1/payments").account("acme");
    assert_eq!(service.ask(&list).await.json(), json!([expected]));

    let others = service
        .ask(&Request::get(&location).account("globex"))
        .await;
    assert_eq!(others.status, 404);
    let list = Request::get("/v1/payments").account("globex");
    assert_eq!(service.ask(&list).await.json(), json!([]));
    assert_eq!(service.ask(&Request::get(&location)).await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_goes_back_than_was_paid() {
    let service = Service::start().await;
    let paid = service.ask(&payment("tok_ok", "r").key("1")).await;
    assert_eq!(service.ask(&refund(&paid, 1000).key("2")).await.status, 201);
    let refused = service.ask(&refund(&paid, 251).key("3")).await;
    assert_eq!((refused.status, refused.is_replay()), (422, false));
    assert_eq!(refused.json()["error"]["code"], "refund_too_large");
    assert_eq!(service.effects("r").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ledger_counts_every_attempt_of_all_accounts() {
    let service = Service::start().await;
    let of_another = json!({ "amount": 5, "currency": "EUR", "card": "tok_ok", "reference": "a" });
    service.ask(&payment("tok_ok", "a").key("1")).await;
    service
        .ask(&body(&of_another).account("globex").key("1"))
        .await;
    service.ask(&payment("tok_declined", "b").key("2")).await;
    service
        .ask(&payment("tok_gateway_down", "b").key("3"))
        .await;
    service.ask(&payment("tok_bug", "b").key("4")).await;
    let counted = match service.left_of(3) {
        0 => json!({ "effects": 2, "by_reference": { "a": 2 } }),
        failed => json!({ "effects": 2 + failed, "by_reference": { "a": 2, "b": failed } }),
    };
    assert_eq!(service.ledger().await, counted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_says_whether_its_store_answers() {
    let service = Service::start().await;
    let health = service.ask(&Request::get("/healthz")).await;
    assert_eq!(
        (health.status, health.json()),
        (200, json!({ "store": "answers" }))
    );
}
