//! What has begun goes on when its caller leaves (invariant 9).

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tracing::{Instrument, Span};

use crate::attempt::Attempt;

/// Polled in place, so that the hot path spawns nothing; dropped unfinished,
/// it is moved onto the runtime, in the span it was in, and runs to its end.
pub(crate) struct ContinueOnDrop<F: Future<Output: Send> + Send + 'static> {
    /// `None` once it ended, or panicked: then there is nothing to go on with.
    future: Option<Pin<Box<F>>>,
    span: Option<Span>,
    /// Told when its caller leaves.
    attempt: Option<Attempt>,
}

impl<F: Future<Output: Send> + Send + 'static> ContinueOnDrop<F> {
    pub(crate) fn new(future: F) -> Self {
        Self {
            future: Some(Box::pin(future)),
            span: None,
            attempt: None,
        }
    }

    /// The run of this attempt, which is told when its caller leaves.
    #[cfg(feature = "axum")]
    pub(crate) fn of(attempt: Attempt, future: F) -> Self {
        let mut of = Self::new(future);
        of.attempt = Some(attempt);
        of
    }
}

impl<F: Future<Output: Send> + Send + 'static> Future for ContinueOnDrop<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let Some(mut future) = self.future.take() else {
            return Poll::Pending;
        };
        let output = future.as_mut().poll(cx);
        if output.is_pending() {
            self.future = Some(future);
            self.span.get_or_insert_with(Span::current);
        }
        output
    }
}

impl<F: Future<Output: Send> + Send + 'static> Drop for ContinueOnDrop<F> {
    fn drop(&mut self) {
        if let Some(attempt) = self.attempt.take().filter(|_| self.future.is_some()) {
            attempt.mark_unseen();
        }
        // Outside of a runtime the attempt is lost, and its lease runs out.
        if let Some(future) = self.future.take()
            && let Ok(runtime) = Handle::try_current()
        {
            let span = self.span.take().unwrap_or_else(Span::current);
            runtime.spawn(future.instrument(span));
        }
    }
}
