//! A body that is digested while somebody else reads it: nothing is held
//! back, and nothing is kept.

use std::hash::{DefaultHasher, Hasher};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};

/// What is told of a body's bytes, at most once how it ended.
pub(super) trait Digest: Send + Unpin + 'static {
    fn frame(&mut self, bytes: &[u8]);
    /// It was read to its end; dropped without, it was not.
    fn ended(&mut self);
}

/// A hash of the first bytes, and how many there were.
pub(super) struct Hashed {
    hasher: DefaultHasher,
    bytes: usize,
    most: usize,
}

struct Digested<D> {
    body: Body,
    digest: D,
    ended: bool,
}

/// The same body, digested on its way.
pub(super) fn digested<D: Digest>(body: Body, digest: D) -> Body {
    let mut digested = Digested {
        body,
        digest,
        ended: false,
    };
    // Whoever knows that it is empty does not read it.
    digested.look();
    Body::new(digested)
}

impl Hashed {
    pub(super) fn new(hasher: DefaultHasher, most: usize) -> Self {
        Self {
            hasher,
            bytes: 0,
            most,
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        let room = self.most.saturating_sub(self.bytes);
        self.hasher.write(&bytes[..room.min(bytes.len())]);
        self.bytes = self.bytes.saturating_add(bytes.len());
    }

    /// Whether there was more than is digested.
    pub(super) fn is_over(&self) -> bool {
        self.bytes > self.most
    }

    pub(super) fn finish(&self) -> u64 {
        self.hasher.finish()
    }
}

impl<D: Digest> Digested<D> {
    fn look(&mut self) {
        if !self.ended && self.body.is_end_stream() {
            self.ended = true;
            self.digest.ended();
        }
    }
}

impl<D: Digest> http_body::Body for Digested<D> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let frame = ready!(Pin::new(&mut this.body).poll_frame(cx));
        match &frame {
            None if !this.ended => {
                this.ended = true;
                this.digest.ended();
            }
            Some(Ok(frame)) => {
                if let Some(bytes) = frame.data_ref() {
                    this.digest.frame(bytes);
                }
                this.look();
            }
            // A body that fails has no end.
            None | Some(Err(_)) => {}
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
