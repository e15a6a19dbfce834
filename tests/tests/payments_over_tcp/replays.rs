//! A retry gets the first answer.

use std::collections::BTreeMap;

use examples::client::{Reply, Request};
use serde_json::json;

use crate::service::{Service, body, payment, refund};

/// Headers of one transmission, or of one browser, or that mark a replay.
const NOT_COMPARED: [&str; 6] = [
    "date",
    "set-cookie",
    "connection",
    "transfer-encoding",
    "idempotent-replayed",
    "cache-control",
];

/// The status line, and the values of each header that is compared, in their
/// order within its name.
fn compared(reply: &Reply) -> (&[u8], BTreeMap<&str, Vec<&[u8]>>) {
    let line = reply.head.split(|byte| *byte == b'\n').next();
    let mut headers: BTreeMap<&str, Vec<&[u8]>> = BTreeMap::new();
    for (name, value) in reply.headers() {
        if !NOT_COMPARED.contains(&name) && !name.starts_with("access-control-") {
            headers.entry(name).or_default().push(value);
        }
    }
    (line.unwrap_or_default(), headers)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_is_equal_byte_for_byte() {
    let service = Service::start().await;
    let first = service.ask(&payment("tok_ok", "r").key("k")).await;
    assert_eq!((first.status, first.is_replay()), (201, false));
    assert_eq!(compared(&first).1["link"].len(), 2);
    assert!(first.header("location").is_some() && first.header("set-cookie").is_some());
    for _ in 0..5 {
        let retry = service.ask(&payment("tok_ok", "r").key("k")).await;
        assert_eq!(compared(&retry), compared(&first));
        assert_eq!(retry.body, first.body);
        assert!(retry.is_replay());
        assert_eq!(retry.header("set-cookie"), None, "another's browser");
        assert_eq!(retry.header("cache-control"), Some("no-store"));
    }
    assert_eq!(service.effects("r").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_of_a_refund_is_equal_byte_for_byte() {
    let service = Service::start().await;
    let paid = service.ask(&payment("tok_ok", "r").key("k")).await;
    let asked = refund(&paid, 250).key("refund");
    let first = service.ask(&asked).await;
    assert_eq!(
        (first.status, first.json()["refunded"].as_u64()),
        (201, Some(250))
    );
    let retry = service.ask(&asked).await;
    assert_eq!(
        (compared(&retry), &retry.body),
        (compared(&first), &first.body)
    );
    assert!(retry.is_replay());
    assert_eq!(service.effects("r").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_an_answer_too() {
    let service = Service::start().await;
    let nothing = json!({ "amount": 0, "currency": "EUR", "card": "tok_ok", "reference": "zero" });
    let no_payment = Request::post("/v1/payments/pay_none/refunds").account("acme");
    for (asked, status, reference, effects) in [
        (
            payment("tok_declined", "declined"),
            402,
            "declined",
            service.left_of(1),
        ),
        (body(&nothing).account("acme"), 422, "zero", 0),
        (payment("tok_unheard_of", "unknown"), 422, "unknown", 0),
        (no_payment.json(&json!({ "amount": 5 })), 404, "none", 0),
    ] {
        let asked = asked.key(&format!("key-{reference}"));
        let first = service.ask(&asked).await;
        assert_eq!(
            (first.status, first.is_replay()),
            (status, false),
            "{asked:?}"
        );
        for _ in 0..2 {
            let retry = service.ask(&asked).await;
            assert!(retry.is_replay(), "{reference}");
            let equal = (compared(&retry), &retry.body) == (compared(&first), &first.body);
            assert!(equal, "{retry:?} is not {first:?}");
        }
        assert_eq!(service.effects(reference).await, effects, "{reference}");
    }
}
