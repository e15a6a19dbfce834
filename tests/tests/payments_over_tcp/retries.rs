//! Answers that are not final: the key is free again, and a retry runs.

use examples::payments::Mode;
use serde_json::json;

use crate::service::{Service, body, payment};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_is_down_is_tried_again() {
    let service = Service::start().await;
    for (card, status) in [("tok_gateway_down", 502), ("tok_rate_limited", 429)] {
        for attempt in 1..=2 {
            let reply = service.ask(&payment(card, card).key(card)).await;
            assert_eq!((reply.status, reply.is_replay()), (status, false));
            assert_eq!(service.effects(card).await, service.left_of(attempt));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_was_released_takes_another_card() {
    let service = Service::start().await;
    service
        .ask(&payment("tok_gateway_down", "r").key("k"))
        .await;
    let paid = service.ask(&payment("tok_ok", "r").key("k")).await;
    assert_eq!(paid.status, 201);
    // From now on the key has an answer, and belongs to this request.
    assert!(
        service
            .ask(&payment("tok_ok", "r").key("k"))
            .await
            .is_replay()
    );
    let back = service
        .ask(&payment("tok_gateway_down", "r").key("k"))
        .await;
    assert_eq!(back.code(), "key-reused");
    assert_eq!(service.effects("r").await, service.left_of(1) + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_is_500_and_never_a_stuck_key() {
    let service = Service::start().await;
    for attempt in 1..=2 {
        let reply = service.ask(&payment("tok_bug", "bug").key("bug")).await;
        assert_eq!((reply.status, reply.code().as_str()), (500, "panicked"));
        assert_eq!(reply.json()["retryable"], false);
        assert_eq!(service.effects("bug").await, service.left_of(attempt));
    }
    let served = service.ask(&payment("tok_ok", "ok").key("ok")).await;
    assert_eq!(served.status, 201);
    let other = service.ask(&payment("tok_ok", "other").key("bug")).await;
    if service.mode == Mode::Transactional {
        // Nothing is left of it, so that its key is free.
        assert_eq!((other.status, other.is_replay()), (201, false));
        return;
    }
    // What died in the middle may have paid: its key takes no other request.
    assert_eq!((other.status, other.code().as_str()), (422, "key-reused"));
    assert_eq!(service.effects("other").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_extraction_is_not_stored() {
    let service = Service::start().await;
    let key = |n: usize| format!("key-{n}");
    let json = |text: &str| {
        examples::client::Request::post("/v1/payments")
            .account("acme")
            .body("application/json", text)
    };
    let untyped = examples::client::Request::post("/v1/payments")
        .account("acme")
        .body("text/plain", "{}");
    let large = json(&format!("{{\"card\": \"{}\"}}", "x".repeat(3 << 20)));
    for (n, (asked, status)) in [
        (json("{\"amount\": "), 400),
        (body(&json!({ "amount": "many" })).account("acme"), 422),
        (untyped, 415),
        (large, 413),
    ]
    .into_iter()
    .enumerate()
    {
        let refused = service.ask(&asked.key(&key(n))).await;
        assert_eq!((refused.status, refused.is_replay()), (status, false));
        let mended = service.ask(&payment("tok_ok", &key(n)).key(&key(n))).await;
        assert_eq!(
            (mended.status, mended.is_replay()),
            (201, false),
            "after {status}"
        );
        assert_eq!(service.effects(&key(n)).await, 1);
    }
}
