//! The sweeper: a task of its own that deletes records past their ttl and
//! grace, in batches, apart from every call (invariant 12). It deletes what
//! no verb would answer for any more (invariants 3 and 6), so that where none
//! runs, or it fails, records pile up and nothing else happens.

mod schedule;

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

pub use self::schedule::SweepSchedule;

use crate::engine::Engine;
use crate::idempotency::Idempotency;
use crate::lease::Token;
use crate::store::StoreError;
use crate::telemetry;

/// What the sweepers of one [`Idempotency`] share with it.
pub(crate) struct Sweeps {
    /// Becomes true at shutdown; gone with the last handle.
    stopped: watch::Sender<bool>,
    last: Mutex<Option<LastSweep>>,
}

/// The last round of this process's sweeper that went through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LastSweep {
    /// When it ended, on this process's wall clock: for people and metrics.
    pub ended: SystemTime,
    /// How many records it deleted.
    pub deleted: u64,
}

impl Idempotency {
    /// Spawns a task that deletes expired records; none runs by itself. It
    /// ends with the last handle or attempt, or at [`shutdown`](Self::shutdown);
    /// to end it sooner, abort it. Where the store removes expired records
    /// itself, as Redis does, it says so and ends.
    ///
    /// Any number of processes may sweep one store: each waits for a random
    /// part of its schedule first, and they take different records.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, as [`tokio::spawn`] does.
    ///
    /// ```
    /// use idempotent_runtime::{Idempotency, SweepSchedule};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let idempotency = Idempotency::in_memory();
    /// idempotency.spawn_sweeper(SweepSchedule::default());
    /// # }
    /// ```
    pub fn spawn_sweeper(&self, schedule: SweepSchedule) -> JoinHandle<()> {
        let sweeper = Sweeper {
            engine: Arc::downgrade(&self.engine),
            stopped: self.engine.sweeps.stopping(),
            schedule,
        };
        let sweeps = self.store().capabilities().sweep;
        tokio::spawn(async move {
            if sweeps {
                sweeper.run().await;
            } else {
                telemetry::sweeper_idle();
            }
        })
    }

    /// The last round of this process's sweeper that went through; `None`
    /// before the first.
    pub fn last_sweep(&self) -> Option<LastSweep> {
        *self.engine.sweeps.last()
    }
}

impl Sweeps {
    /// Becomes true when the tasks beside the calls are to end.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopped.subscribe()
    }

    /// Ends the sweepers, now and to come, each after its present batch.
    pub(crate) fn stop(&self) {
        self.stopped.send_replace(true);
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Option<LastSweep>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[allow(clippy::disallowed_methods, reason = "shown to people and metrics")]
    fn went_through(&self, deleted: u64) {
        *self.last() = Some(LastSweep {
            ended: SystemTime::now(),
            deleted,
        });
    }
}

impl Default for Sweeps {
    fn default() -> Self {
        Self {
            stopped: watch::Sender::new(false),
            last: Mutex::default(),
        }
    }
}

struct Sweeper {
    engine: Weak<Engine>,
    stopped: watch::Receiver<bool>,
    schedule: SweepSchedule,
}

/// The process is done with its store.
struct Stopped;

impl Sweeper {
    async fn run(mut self) {
        telemetry::sweeper_started(&self.schedule);
        let mut pause = random_part(self.schedule.every);
        while let Ok(()) = self.sleep(pause).await {
            let started = Instant::now();
            if let Err(Stopped) = self.round().await {
                break;
            }
            pause = self.schedule.every.saturating_sub(started.elapsed());
        }
        telemetry::sweeper_stopped();
    }

    /// Batches until one is not full, or there were as many as a round may
    /// have. Between two of them it rests as long as one took: it has at most
    /// half of one connection's time.
    async fn round(&mut self) -> Result<(), Stopped> {
        let SweepSchedule { batch, batches, .. } = self.schedule;
        let (started, mut deleted) = (Instant::now(), 0);
        for _ in 0..batches {
            let sent = Instant::now();
            match self.sweep(batch).await? {
                Ok(records) => {
                    deleted += records;
                    if records < u64::from(batch) {
                        break;
                    }
                }
                // Told already; the next round is another try.
                Err(_) => return Ok(()),
            }
            self.sleep(sent.elapsed()).await?;
        }
        let engine = self.engine.upgrade().ok_or(Stopped)?;
        engine.sweeps.went_through(deleted);
        engine.telemetry.swept(deleted, started.elapsed());
        Ok(())
    }

    /// The handle is held for the time of one batch only.
    async fn sweep(&self, batch: u32) -> Result<Result<u64, StoreError>, Stopped> {
        let engine = self.engine.upgrade().ok_or(Stopped)?;
        let sweep = engine.store.sweep(batch);
        Ok(engine.within_timeout("sweep", sweep).await)
    }

    async fn sleep(&mut self, pause: Duration) -> Result<(), Stopped> {
        match timeout(pause, self.stopped.wait_for(|stopped| *stopped)).await {
            Err(_) => Ok(()),
            // Told, or nobody is left who could.
            Ok(_) => Err(Stopped),
        }
    }
}

/// A part of `whole`, another one in each process: those that start together
/// do not sweep together.
fn random_part(whole: Duration) -> Duration {
    let random = Token::mint().map_or([255; 2], |token| {
        let [a, b, ..] = *token.as_bytes();
        [a, b]
    });
    whole * u32::from(u16::from_le_bytes(random)) / u32::from(u16::MAX)
}
