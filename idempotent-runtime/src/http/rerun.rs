//! Replay drift by reruns (`rerun_safe_sample`): after a replay was sent, its
//! call's body runs once more, and what it answers is compared with the stored
//! answer and thrown away. It claims nothing and touches no record; its effects
//! are real, which is why an operation must declare that they may be repeated.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Error;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::runtime::Handle;

use super::capture::capture;
use super::caught::caught;
use crate::answer::Answer;
use crate::engine::{Call, Engine, FlightPlace};
use crate::policy::Persist;

/// A call whose body runs again, should it be answered by a replay.
pub(super) struct Rerun {
    engine: Arc<Engine>,
    call: Call,
}

impl Rerun {
    /// Of a share of the calls, where their operation declares one.
    pub(super) fn drawn(engine: &Arc<Engine>, call: &Call) -> Option<Self> {
        let is_drawn = call.rerun_safe_sample.is_some_and(draw);
        is_drawn.then(|| Self {
            engine: Arc::clone(engine),
            call: call.clone(),
        })
    }

    /// The replay, behind which the body runs.
    pub(super) fn after<B>(
        self,
        replay: Response,
        stored: Answer,
        is_final: impl FnOnce(&Response) -> Persist + Send + 'static,
        body: B,
    ) -> Response
    where
        B: Future<Output: IntoResponse> + Send + 'static,
    {
        let Ok(runtime) = Handle::try_current() else {
            return replay;
        };
        let then = Then {
            engine: Arc::clone(&self.engine),
            operation: self.call.operation,
            runtime,
            rerun: Box::pin(self.run(stored, is_final, body)),
        };
        replay.map(|body| {
            let then = Some(then);
            Body::new(Sent { body, then })
        })
    }

    async fn run<B: Future<Output: IntoResponse>>(
        self,
        stored: Answer,
        is_final: impl FnOnce(&Response) -> Persist,
        body: B,
    ) {
        let judge = |output: B::Output| {
            let response = output.into_response();
            (is_final(&response), response)
        };
        let telemetry = &self.engine.telemetry;
        match caught(body, judge).await {
            None => telemetry.rerun_panicked(&self.call),
            // Nobody would be given this answer: a retry of it runs again.
            Some((Persist::No, _)) => {}
            Some((Persist::Yes, response)) => {
                let (own, _) = capture(response, &self.engine.settings).await;
                telemetry.rerun(&self.call, &own, &stored);
            }
        }
    }
}

/// Whether this one is of the share, in millionths.
fn draw(share: u32) -> bool {
    let mut random = [0; 4];
    // Without randomness there is no sample.
    getrandom::fill(&mut random).is_ok()
        && u64::from(u32::from_le_bytes(random)) * 1_000_000 < u64::from(share) << 32
}

/// What is to run.
struct Then {
    engine: Arc<Engine>,
    operation: &'static str,
    runtime: Handle,
    rerun: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Then {
    /// Unless one ran within this second, or there is no room for it.
    fn start(self) {
        if !self.engine.telemetry.may_rerun(self.operation) {
            return;
        }
        if let Ok(place) = FlightPlace::take(&self.engine) {
            self.runtime.spawn(async move {
                self.rerun.await;
                drop(place);
            });
        }
    }
}

/// A replay's body. A server drops it once it was sent, or its client has left.
struct Sent {
    body: Body,
    then: Option<Then>,
}

impl http_body::Body for Sent {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        if let Some(then) = self.then.take() {
            then.start();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_drawn_none_is_and_of_a_half_some_are() {
        assert!((0..100).all(|_| draw(1_000_000)));
        assert!(!(0..100).any(|_| draw(0)));
        let half = (0..1_000).filter(|_| draw(500_000)).count();
        // Beyond ten standard deviations.
        assert!((330..670).contains(&half), "{half}");
    }
}
