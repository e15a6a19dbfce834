//! For how long it waits between two tries, and when it gives up.

use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use idempotent_runtime::client::{IdempotentRetry, WithKey};

use crate::wire::Wire;
use crate::{key, seconds};

async fn post(wire: &Wire, retry: IdempotentRetry) -> u16 {
    let client = wire.client(retry);
    let request = client.post("http://bank/charges").idempotency_key(key());
    let answer = request.send().await.expect("an answer");
    answer.status().as_u16()
}

fn down() -> Wire {
    Wire::answering(|_| StatusCode::SERVICE_UNAVAILABLE)
}

fn asking(after: &'static str) -> Wire {
    Wire::answering(move |n| match n {
        1 => (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, after)]),
        _ => (StatusCode::CREATED, [(RETRY_AFTER, "0")]),
    })
}

#[tokio::test(start_paused = true)]
async fn the_pauses_double_and_the_tries_are_bounded() {
    let wire = down();
    assert_eq!(post(&wire, IdempotentRetry::new()).await, 503);
    let pauses = wire.pauses();
    assert_eq!(pauses.len(), 4);
    for (pause, whole) in pauses.into_iter().zip([100, 200, 400, 800]) {
        // A timer may be a millisecond late.
        assert!(
            (whole / 2..=whole + 1).contains(&pause),
            "{pause} of {whole}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn one_try_is_one_request() {
    let wire = down();
    assert_eq!(post(&wire, IdempotentRetry::new().max_tries(1)).await, 503);
    assert_eq!(wire.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_retry_after_asks_for_is_waited() {
    let wire = asking("7");
    assert_eq!(post(&wire, IdempotentRetry::new()).await, 201);
    assert!((7_000..7_010).contains(&wire.pauses()[0]));
}

#[tokio::test(start_paused = true)]
async fn who_asks_for_more_than_the_time_that_is_left_is_not_asked_again() {
    let wire = asking("61");
    let began = tokio::time::Instant::now();
    assert_eq!(post(&wire, IdempotentRetry::new()).await, 503);
    assert_eq!((wire.count(), began.elapsed()), (1, seconds(0)));
}

#[tokio::test(start_paused = true)]
async fn the_time_of_all_tries_is_bounded() {
    let wire = down();
    let retry = IdempotentRetry::new()
        .pauses(seconds(1), seconds(1))
        .max_tries(1_000)
        .max_time(seconds(10));
    assert_eq!(post(&wire, retry).await, 503);
    assert!((10..=20).contains(&wire.count()), "{}", wire.count());
    assert!(wire.pauses().iter().sum::<u128>() <= 10_100);
}
