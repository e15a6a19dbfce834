//! Nobody gets another's answer, and nobody gets one without saying who he is.

use serde_json::json;

use crate::service::{Service, body, payment};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_under_another_account_is_another_key() {
    let service = Service::start().await;
    let asked = json!({ "amount": 1250, "currency": "EUR", "card": "tok_ok", "reference": "same" });
    let of = |account: &str| body(&asked).account(account).key("shared");
    let mut ids = Vec::new();
    for account in ["acme", "globex", "acme ltd", "acme/"] {
        let first = service.ask(&of(account)).await;
        assert_eq!((first.status, first.is_replay()), (201, false), "{account}");
        let retry = service.ask(&of(account)).await;
        assert!(retry.is_replay(), "{account}");
        assert_eq!(retry.body, first.body, "{account}");
        ids.push(first.json()["id"].to_string());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
    assert_eq!(service.effects("same").await, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_account_even_a_replay_is_refused() {
    let service = Service::start().await;
    let asked = json!({ "amount": 1250, "currency": "EUR", "card": "tok_ok", "reference": "r" });
    service.ask(&payment("tok_ok", "r").key("k")).await;
    let anonymous = body(&asked).key("k");
    for refused in [
        anonymous.clone(),
        anonymous.clone().account(""),
        anonymous.clone().header("authorization", "Basic YWNtZQ=="),
        anonymous.header("authorization", "Bearer"),
        // Who is it comes before which key.
        body(&asked),
    ] {
        let reply = service.ask(&refused).await;
        assert_eq!(reply.status, 401, "{refused:?}");
        assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
    }
    assert_eq!(service.effects("r").await, 1);
}
