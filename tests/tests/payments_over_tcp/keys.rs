//! What is a key, and which keys are the same.

use examples::client::Request;

use crate::service::{Service, payment};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_without_a_key_is_refused_and_nothing_runs() {
    let service = Service::start().await;
    let reply = service.ask(&payment("tok_ok", "r")).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "key-missing"));
    assert_eq!(
        reply.header("content-type"),
        Some("application/problem+json")
    );
    assert_eq!(service.effects("r").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_malformed_key_is_refused_and_nothing_runs() {
    let service = Service::start().await;
    let long = "k".repeat(256);
    for key in [
        "", "\"\"", "\"open", "a b", "a,b", "a;b", "a\tb", "\u{fc}", &long,
    ] {
        let reply = service.ask(&payment("tok_ok", "r").key(key)).await;
        let refusal = (reply.status, reply.code());
        assert_eq!(refusal, (400, "key-malformed".to_owned()), "{key}");
    }
    let twice = payment("tok_ok", "r").key("one").key("one");
    assert_eq!(service.ask(&twice).await.code(), "key-malformed");
    // The server below us refuses this one, and says nothing.
    let control = payment("tok_ok", "r").key("a\u{1}b");
    assert_eq!(service.ask(&control).await.status, 400);
    assert_eq!(service.effects("r").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_quoted_and_the_bare_form_are_one_key() {
    let service = Service::start().await;
    let first = service.ask(&payment("tok_ok", "r").key("\"abc\"")).await;
    for key in ["abc", "\"abc\"", "\"abc\";v=1", "  abc "] {
        let reply = service.ask(&payment("tok_ok", "r").key(key)).await;
        assert!(reply.is_replay(), "{key}");
        assert_eq!((reply.status, &reply.body), (201, &first.body), "{key}");
    }
    assert_eq!(service.effects("r").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_of_255_bytes_is_a_key() {
    let service = Service::start().await;
    let key = "k".repeat(255);
    let first = service.ask(&payment("tok_ok", "r").key(&key)).await;
    let retry = service.ask(&payment("tok_ok", "r").key(&key)).await;
    assert_eq!((first.status, retry.status), (201, 201));
    assert_eq!(first.body, retry.body);
    assert_eq!(service.effects("r").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_operation_has_keys_of_its_own() {
    let service = Service::start().await;
    let paid = service.ask(&payment("tok_ok", "r").key("same")).await;
    let refund = crate::service::refund(&paid, 50).key("same");
    let refunded = service.ask(&refund).await;
    assert_eq!((refunded.status, refunded.is_replay()), (201, false));
    assert_eq!(service.effects("r").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_needs_no_key() {
    let service = Service::start().await;
    let list = Request::get("/v1/payments").account("acme").key("ignored");
    let reply = service.ask(&list).await;
    assert_eq!((reply.status, reply.body.as_slice()), (200, &b"[]"[..]));
}
