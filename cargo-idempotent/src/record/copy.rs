//! A body on its way: passed on frame by frame, its first part kept.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// What was kept of a body.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    pub bytes: Vec<u8>,
    /// How many bytes passed, kept or not.
    pub passed: u64,
    /// The end was seen: what passed is the whole.
    pub ended: bool,
}

impl Kept {
    pub(super) fn add(&mut self, bytes: &[u8], cap: usize) {
        let room = cap.saturating_sub(self.bytes.len()).min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..room]);
        self.passed += u64::try_from(bytes.len()).unwrap_or(0);
    }

    /// Whether more passed than is kept.
    pub(super) fn truncated_at(&self, cap: usize) -> bool {
        usize::try_from(self.passed).map_or(true, |passed| passed > cap)
    }

    /// The whole length, if more passed than is kept.
    pub(super) fn truncated(&self) -> Option<u64> {
        let kept = u64::try_from(self.bytes.len()).unwrap_or(u64::MAX);
        (self.passed > kept || !self.ended).then_some(self.passed)
    }
}

/// A body that is copied as it is read.
pub(super) struct Copied<B> {
    body: B,
    cap: usize,
    kept: Arc<Mutex<Kept>>,
}

impl<B: Body> Copied<B> {
    pub(super) fn new(body: B, cap: usize) -> (Self, Arc<Mutex<Kept>>) {
        let kept = Arc::new(Mutex::new(Kept {
            ended: body.is_end_stream(),
            ..Kept::default()
        }));
        let own = Arc::clone(&kept);
        (
            Self {
                body,
                cap,
                kept: own,
            },
            kept,
        )
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Copied<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    kept.add(data, self.cap);
                }
                // A reader that knows the length asks for no more.
                kept.ended = self.body.is_end_stream();
            }
            Some(Err(_)) => {}
            None => kept.ended = true,
        }
        drop(kept);
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt as _, Full};

    use super::Copied;

    #[tokio::test]
    async fn what_is_kept_is_bounded_and_what_is_passed_is_not() {
        let (body, kept) = Copied::new(Full::from("0123456789"), 4);
        let passed = body.collect().await.unwrap().to_bytes();
        assert_eq!(&passed[..], b"0123456789");
        let kept = kept.lock().unwrap().clone();
        assert_eq!(kept.bytes, b"0123");
        assert_eq!((kept.truncated(), kept.ended), (Some(10), true));
    }
}
