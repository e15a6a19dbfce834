//! The task that exports how many records the store has. It asks once per
//! interval, apart from every call; where it fails, the metric stands still
//! and nothing else happens.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::engine::Engine;
use crate::idempotency::Idempotency;

/// No store is asked more often.
const OFTEN: Duration = Duration::from_secs(1);

impl Idempotency {
    /// Spawns a task that asks the store how many records it has, at once and
    /// then each time that `every` (at least a second; a minute is plenty) has
    /// passed, and exports that as the metric `idempotency_records`. None runs
    /// by itself: what a store does for it, its chapter in
    /// [stores](crate::docs::stores) says. It ends with the last handle or
    /// attempt, or at [`shutdown`](Self::shutdown), and at once where the
    /// store cannot count.
    ///
    /// Each process that does it exports the same figures, so that one or two
    /// of a fleet are enough.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, as [`tokio::spawn`] does.
    ///
    /// ```
    /// use idempotent_runtime::Idempotency;
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let idempotency = Idempotency::in_memory();
    /// idempotency.spawn_stats(Duration::from_secs(60));
    /// # }
    /// ```
    pub fn spawn_stats(&self, every: Duration) -> JoinHandle<()> {
        let engine = Arc::downgrade(&self.engine);
        let stopped = self.engine.sweeps.stopping();
        let counts = self.store().capabilities().lists;
        tokio::spawn(async move {
            if counts {
                count(engine, stopped, every.max(OFTEN)).await;
            } else {
                tracing::info!("the idempotency store cannot count its records");
            }
        })
    }
}

async fn count(engine: Weak<Engine>, mut stopped: watch::Receiver<bool>, every: Duration) {
    // The handle is held for the time of one question only.
    while let Some(engine) = engine.upgrade() {
        let stats = engine.within_timeout("stats", engine.store.stats()).await;
        if let Ok(stats) = stats {
            engine.telemetry.counted(&stats);
        }
        drop(engine);
        // Told to stop, or nobody is left who could.
        if timeout(every, stopped.wait_for(|stopped| *stopped))
            .await
            .is_ok()
        {
            break;
        }
    }
}
