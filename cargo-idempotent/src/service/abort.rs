//! A future that is dropped after some of its steps, as a server does when its
//! client leaves.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use super::interleave::Boxed;

/// Polls a future so many times at most, then drops it.
pub(super) struct Abort<'a, T> {
    future: Option<Boxed<'a, T>>,
    left: usize,
}

impl<'a, T> Abort<'a, T> {
    pub(super) fn after(steps: usize, future: Boxed<'a, T>) -> Self {
        Self {
            future: Some(future),
            left: steps,
        }
    }
}

impl<T> Future for Abort<'_, T> {
    /// The output, if the future ended before its last step.
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let Some(future) = &mut self.future else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        self.left -= 1;
        if self.left == 0 {
            self.future = None;
            return Poll::Ready(None);
        }
        Poll::Pending
    }
}
