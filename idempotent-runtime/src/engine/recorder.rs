//! What an attempt needs to record its steps: they are written with its token
//! and fence, so that a paused one cannot (invariant 10).

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Engine;
use crate::lease::{Fence, Lease, Token};
use crate::outcome::Ownership;
use crate::record::RecordId;
use crate::step::Step;
use crate::store::StoreError;

/// The first pause before a step is sent again, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

#[derive(Debug)]
pub(crate) struct Recorder {
    /// Weak, as the engine's heartbeat holds the attempt.
    engine: Weak<Engine>,
    token: Token,
    lease: Lease,
}

/// The most steps of a record, and the most bytes of all of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StepBounds {
    pub(crate) count: usize,
    pub(crate) bytes: usize,
}

impl Recorder {
    pub(super) fn new(engine: &Arc<Engine>, token: Token, lease: Lease) -> Self {
        Self {
            engine: Arc::downgrade(engine),
            token,
            lease,
        }
    }

    /// Whether the attempt is this engine's.
    pub(crate) fn is_of(&self, engine: &Arc<Engine>) -> bool {
        std::ptr::eq(self.engine.as_ptr(), Arc::as_ptr(engine))
    }

    /// What the steps may be; none where the store keeps none, or the engine
    /// is gone.
    pub(crate) fn bounds(&self) -> Option<StepBounds> {
        let engine = self.engine.upgrade()?;
        let keeps = engine.store.capabilities().steps;
        keeps.then_some(engine.settings.steps)
    }

    /// Records a step. A write of unknown outcome is sent again, for as long
    /// as a lease holds: it has the same token, so that twice is once.
    pub(crate) async fn record(
        &self,
        id: &RecordId,
        fence: Fence,
        step: &Step,
    ) -> Result<Ownership, StoreError> {
        let Some(engine) = self.engine.upgrade() else {
            return Ok(Ownership::Lost);
        };
        let until = Instant::now() + self.lease.duration();
        let mut pause = PAUSES.0;
        loop {
            let step = engine.store.step(id, &self.token, fence, step);
            match engine.within_timeout("step", step).await {
                Err(StoreError::Unavailable { .. }) if Instant::now() + pause < until => {
                    sleep(pause).await;
                    pause = (pause * 2).min(PAUSES.1);
                }
                recorded => return recorded,
            }
        }
    }
}
