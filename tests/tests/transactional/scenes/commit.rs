//! Effect and answer are committed together, or neither is.

use tests::{Meter, seconds};
use tokio::time::timeout;

use super::Base;
use super::service::Service;

/// No heartbeat knows it.
#[tokio::test]
async fn an_attempt_in_a_transaction_is_seen_while_it_runs() {
    let meter = Meter::install();
    let oldest = || meter.get("idempotency_oldest_in_flight_timestamp_seconds", &[]);
    let base = Base::new().await;
    let service = Service::new(&base, 2);
    service.pay("a", "pay").send().await;
    assert_eq!(oldest().to_bits(), 0, "none runs");
    service.gate.close();
    let ran = service.gate.count();
    let running = tokio::spawn(service.pay("b", "pay").send());
    let entered = service.gate.entered(ran + 1);
    timeout(seconds(10), entered)
        .await
        .expect("a body that runs");
    assert!(oldest() > 1e9, "{}", oldest());
    service.gate.open();
    running.await.unwrap();
    assert_eq!(oldest().to_bits(), 0, "none runs any more");
}

#[tokio::test]
async fn an_effect_and_its_answer_are_committed_once() {
    let base = Base::new().await;
    let service = Service::new(&base, 2);
    let first = service.pay("a", "pay").send().await;
    assert_eq!(first.answer(), (200, "paid 1"));
    for _ in 0..2 {
        let retry = service.pay("a", "pay").send().await;
        assert_eq!(retry.answer(), (200, "paid 1"));
        assert!(retry.is_replay());
    }
    let elsewhere = Service::new(&base, 1);
    assert!(elsewhere.pay("a", "pay").send().await.is_replay());
    assert_eq!((base.effects("a").await, base.records().await), (1, 1));
    assert_eq!(service.gate.count(), 1);
}

#[tokio::test]
async fn a_refusal_is_kept_and_its_writes_are_not() {
    let base = Base::new().await;
    let service = Service::new(&base, 2);
    let first = service.pay("a", "refuse").send().await;
    assert_eq!(first.answer(), (402, "refused 1"));
    let retry = service.pay("a", "refuse").send().await;
    assert_eq!(retry.answer(), (402, "refused 1"));
    assert!(retry.is_replay());
    assert_eq!((base.effects("a").await, base.records().await), (0, 1));
}

#[tokio::test]
async fn what_is_not_final_leaves_nothing_and_runs_again() {
    let base = Base::new().await;
    let service = Service::new(&base, 1);
    let failed = service.pay("a", "fail").send().await;
    assert_eq!(failed.answer(), (500, "the database failed"));
    let panicked = service.pay("b", "panic").send().await;
    assert_eq!(panicked, (500, "panicked"));
    assert_eq!(base.effects("a").await + base.effects("b").await, 0);
    assert_eq!(base.records().await, 0);
    // The key is free for any request.
    let again = service.pay("a", "pay").send().await;
    assert_eq!(again.answer(), (200, "paid 3"));
    assert_eq!(base.effects("a").await, 1);
}

#[tokio::test]
async fn another_request_under_the_key_is_refused() {
    let base = Base::new().await;
    let service = Service::new(&base, 2);
    service.pay("a", "pay").send().await;
    let other = service.pay("a", "refuse").send().await;
    assert_eq!(other, (422, "key-reused"));
    // Also while the first one runs.
    service.gate.close();
    let first = tokio::spawn(service.pay("b", "pay").send());
    service.gate.entered(2).await;
    let other = service.pay("b", "refuse").send().await;
    assert_eq!(other, (422, "key-reused"));
    service.gate.open();
    assert_eq!(first.await.unwrap().answer(), (200, "paid 2"));
}

#[tokio::test]
async fn a_body_that_hides_a_failed_statement_is_rolled_back() {
    let base = Base::new().await;
    let service = Service::new(&base, 2);
    let hidden = service.pay("a", "swallow").send().await;
    assert_eq!(hidden, (503, "transaction-failed"));
    assert_eq!(hidden.header("retry-after"), Some("1"));
    assert_eq!((base.effects("a").await, base.records().await), (0, 0));
}

#[tokio::test]
async fn a_commit_that_fails_is_told_and_leaves_nothing() {
    let base = Base::new().await;
    let service = Service::new(&base, 2);
    let failed = service.pay("a", "promise").send().await;
    assert_eq!(failed, (503, "transaction-failed"));
    assert_eq!((base.effects("a").await, base.records().await), (0, 0));
    // Nothing stands in the way of another try.
    assert_eq!(
        service.pay("a", "pay").send().await.answer(),
        (200, "paid 2")
    );
}
