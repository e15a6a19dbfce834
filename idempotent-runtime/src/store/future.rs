//! What a store's verb returns.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::StoreError;

/// The future of a verb: known at once, or boxed. The first form keeps a
/// store in memory free of allocations.
///
/// ```
/// use idempotent_runtime::store::StoreFuture;
///
/// fn at_once() -> StoreFuture<'static, u64> {
///     StoreFuture::ready(Ok(1))
/// }
/// fn later() -> StoreFuture<'static, u64> {
///     StoreFuture::new(async { Ok(2) })
/// }
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct StoreFuture<'a, T>(Form<'a, T>);

enum Form<'a, T> {
    Ready(Option<Result<T, StoreError>>),
    Boxed(Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>),
}

impl<'a, T> StoreFuture<'a, T> {
    /// The verb's answer is known.
    pub fn ready(answer: Result<T, StoreError>) -> Self {
        Self(Form::Ready(Some(answer)))
    }

    /// The verb's answer is what `future` gives.
    pub fn new(future: impl Future<Output = Result<T, StoreError>> + Send + 'a) -> Self {
        Self(Form::Boxed(Box::pin(future)))
    }

    /// The answer if it is known already, or the future back.
    pub(crate) fn into_ready(self) -> Result<Result<T, StoreError>, Self> {
        match self.0 {
            Form::Ready(Some(answer)) => Ok(answer),
            form => Err(Self(form)),
        }
    }

    /// The store does not have this verb.
    pub fn unsupported(verb: &'static str) -> Self {
        Self::ready(Err(StoreError::Unsupported { verb }))
    }
}

// Nothing is pinned in place: the answer is moved out, the future is boxed.
impl<T> Unpin for StoreFuture<'_, T> {}

impl<T> Future for StoreFuture<'_, T> {
    type Output = Result<T, StoreError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Form::Boxed(future) => future.as_mut().poll(cx),
            Form::Ready(answer) => match answer.take() {
                Some(answer) => Poll::Ready(answer),
                None => panic!("a StoreFuture was polled after its answer"),
            },
        }
    }
}

impl<T> fmt::Debug for StoreFuture<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreFuture")
    }
}
