//! Duplicates while the first runs, and keys that are used for two things.

use serde_json::json;

use crate::service::{Service, body, millis, payment, refund};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_duplicates_at_once_one_has_the_effect() {
    let service = Service::start().await;
    let asked = payment("tok_slow:400", "r").key("k");
    let replies = service.ask_at_once(&asked, 200).await;
    let own = replies
        .iter()
        .filter(|reply| reply.status == 201 && !reply.is_replay());
    let own: Vec<_> = own.collect();
    assert_eq!(own.len(), 1, "one runs");
    for reply in &replies {
        if reply.status == 201 {
            assert_eq!(reply.body, own[0].body);
            continue;
        }
        assert_eq!((reply.status, reply.code().as_str()), (409, "in-flight"));
        let seconds = reply.header("retry-after").map(str::parse::<u32>);
        assert!(matches!(seconds, Some(Ok(1..=30))), "{reply:?}");
        assert_eq!(reply.json()["retryable"], true);
    }
    let after = service.ask(&asked).await;
    assert!(after.is_replay());
    assert_eq!(after.body, own[0].body);
    assert_eq!(service.effects("r").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn duplicates_of_a_refund_wait_for_its_answer() {
    let service = Service::start().await;
    let paid = service.ask(&payment("tok_slow:300", "r").key("k")).await;
    let replies = service
        .ask_at_once(&refund(&paid, 100).key("refund"), 50)
        .await;
    for reply in &replies {
        assert_eq!((reply.status, &reply.body), (201, &replies[0].body));
    }
    let own = replies.iter().filter(|reply| !reply.is_replay()).count();
    assert_eq!(own, 1, "one runs");
    assert_eq!(service.effects("r").await, 2, "the payment and one refund");
    let payments = examples::client::Request::get("/v1/payments").account("acme");
    assert_eq!(service.ask(&payments).await.json()[0]["refunded"], 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_used_for_another_request_is_refused() {
    let service = Service::start().await;
    let first = payment("tok_slow:300", "first").key("k");
    let changed =
        json!({ "amount": 1251, "currency": "EUR", "card": "tok_slow:300", "reference": "first" });
    let others = [
        body(&changed).account("acme").key("k"),
        payment("tok_ok", "other").key("k"),
        examples::client::Request::post("/v1/payments?dry=1")
            .account("acme")
            .key("k")
            .json(&json!({ "amount": 1250, "currency": "EUR", "card": "tok_slow:300", "reference": "first" })),
    ];
    service.leave(&first, millis(100)).await;
    // While the first runs, and when it is done: nothing of it is told.
    for round in ["running", "done"] {
        for other in &others {
            let reply = service.ask(other).await;
            assert_eq!(
                (reply.status, reply.code().as_str()),
                (422, "key-reused"),
                "{round}"
            );
            assert!(!String::from_utf8_lossy(&reply.body).contains("1250"));
            assert_eq!(reply.header("location"), None);
        }
        assert_eq!(service.settled(&first).await.status, 201);
    }
    assert_eq!(
        service.ledger().await["by_reference"],
        json!({ "first": 1 })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_of_another_payment_under_one_key_is_refused() {
    let service = Service::start().await;
    let one = service.ask(&payment("tok_ok", "one").key("1")).await;
    let two = service.ask(&payment("tok_ok", "two").key("2")).await;
    assert_eq!(service.ask(&refund(&one, 5).key("r")).await.status, 201);
    // The same route and the same body: the path tells them apart.
    let other = service.ask(&refund(&two, 5).key("r")).await;
    assert_eq!((other.status, other.code().as_str()), (422, "key-reused"));
    assert_eq!(service.effects("two").await, 1);
}
