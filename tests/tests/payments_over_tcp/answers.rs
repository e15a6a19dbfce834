//! Answers that cannot be stored: their caller has them whole, and what was done
//! is not done again.

use crate::service::{Service, payment};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_over_the_cap_reaches_its_caller_whole() {
    let service = Service::start().await;
    let first = service.ask(&payment("tok_large", "r").key("k")).await;
    assert_eq!((first.status, first.is_replay()), (201, false));
    let receipt = first.json()["receipt"].as_str().map(str::len);
    assert_eq!(receipt, Some(1 << 20));
    never_again(&service, "tok_large").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_streamed_answer_reaches_its_caller_whole() {
    let service = Service::start().await;
    let first = service.ask(&payment("tok_stream", "r").key("k")).await;
    assert_eq!((first.status, first.is_replay()), (201, false));
    assert_eq!(first.header("transfer-encoding"), Some("chunked"));
    assert_eq!(first.json()["reference"], "r");
    never_again(&service, "tok_stream").await;
}

async fn never_again(service: &Service, card: &str) {
    for _ in 0..2 {
        let retry = service.ask(&payment(card, "r").key("k")).await;
        assert_eq!(
            (retry.status, retry.code().as_str()),
            (409, "not-replayable")
        );
        assert_eq!(retry.json()["retryable"], false);
        assert_eq!(retry.header("retry-after"), None);
    }
    assert_eq!(service.effects("r").await, 1);
}
