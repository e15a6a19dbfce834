//! A panic of the user's code is an outcome, never a stuck key.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// What `then` makes of the future's output; `None` if either panicked.
pub(super) async fn caught<F: Future, T>(
    future: F,
    then: impl FnOnce(F::Output) -> T,
) -> Option<T> {
    let (mut future, mut then) = (pin!(future), Some(then));
    std::future::poll_fn(|cx| {
        // What panicked is not polled again, so nothing broken is seen.
        let polled = catch_unwind(AssertUnwindSafe(|| {
            let output = std::task::ready!(future.as_mut().poll(cx));
            Poll::Ready(then.take().map(|then| then(output)))
        }));
        polled.unwrap_or(Poll::Ready(None))
    })
    .await
}
