//! Calls a second over the last five minutes, from counts that a task takes
//! down every ten seconds: a page that nobody looks at costs that, and no more.

use std::collections::VecDeque;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};

use crate::idempotency::Idempotency;
use crate::telemetry::{Class, Telemetry};

const WINDOW: Duration = Duration::from_mins(5);
const PAUSE: Duration = Duration::from_secs(10);

type Counts = [u64; Class::COUNT];

/// All counts at one moment.
struct Sample {
    at: Instant,
    counts: Vec<(&'static str, Counts)>,
}

pub(super) struct Rates {
    telemetry: Arc<Telemetry>,
    samples: Mutex<VecDeque<Sample>>,
    has_task: AtomicBool,
}

/// What happened within a time.
pub(super) struct Window {
    pub(super) time: Duration,
    /// By name.
    pub(super) operations: Vec<Traffic>,
}

/// The calls of one operation within the time.
pub(super) struct Traffic {
    pub(super) operation: &'static str,
    pub(super) counts: Counts,
}

impl Rates {
    /// Counts from now on.
    pub(super) fn new(idempotency: &Idempotency) -> Self {
        let telemetry = Arc::clone(&idempotency.engine.telemetry);
        let first = Sample::of(&telemetry);
        Self {
            telemetry,
            samples: Mutex::new(VecDeque::from([first])),
            has_task: AtomicBool::new(false),
        }
    }

    /// Takes the counts down from now on, if there is a runtime to do it in.
    pub(super) fn start(self: &Arc<Self>) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        if self.has_task.swap(true, SeqCst) {
            return;
        }
        let mut task = Running(Arc::downgrade(self));
        runtime.spawn(async move {
            loop {
                sleep(PAUSE).await;
                if !task.take_down() {
                    return;
                }
            }
        });
    }

    /// The rates until now, since five minutes ago or the first count.
    pub(super) fn now(&self) -> Window {
        let now = Sample::of(&self.telemetry);
        let samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        let within = samples
            .iter()
            .find(|sample| now.at.duration_since(sample.at) <= WINDOW);
        // Where the task has ended, the latest says least wrong.
        let since = within.or(samples.back());
        let nothing = Sample::empty(now.at);
        now.since(since.unwrap_or(&nothing))
    }
}

/// The task, which tells when it ends under its runtime.
struct Running(std::sync::Weak<Rates>);

impl Running {
    fn take_down(&mut self) -> bool {
        let Some(rates) = self.0.upgrade() else {
            return false;
        };
        let sample = Sample::of(&rates.telemetry);
        let mut samples = rates.samples.lock().unwrap_or_else(PoisonError::into_inner);
        let until = sample.at;
        samples.retain(|old| until.duration_since(old.at) <= WINDOW);
        samples.push_back(sample);
        true
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(rates) = self.0.upgrade() {
            rates.has_task.store(false, SeqCst);
        }
    }
}

impl Sample {
    fn of(telemetry: &Telemetry) -> Self {
        Self {
            at: Instant::now(),
            counts: telemetry.tally().counts(),
        }
    }

    fn empty(at: Instant) -> Self {
        let counts = Vec::new();
        Self { at, counts }
    }

    fn since(self, before: &Self) -> Window {
        let zero = [0; Class::COUNT];
        let mut operations: Vec<_> = self
            .counts
            .iter()
            .map(|(operation, counts)| {
                let old = before.counts.iter().find(|(name, _)| name == operation);
                let old = old.map_or(&zero, |(_, counts)| counts);
                Traffic {
                    operation,
                    counts: std::array::from_fn(|at| counts[at].saturating_sub(old[at])),
                }
            })
            .collect();
        operations.sort_unstable_by_key(|it| it.operation);
        Window {
            time: self.at.duration_since(before.at),
            operations,
        }
    }
}

impl Window {
    /// Calls a second; those of the window so far, where it is short.
    #[allow(clippy::cast_precision_loss)] // a rate is read to three digits
    pub(super) fn per_second(&self, calls: u64) -> f64 {
        calls as f64 / self.time.as_secs_f64().max(1.0)
    }

    pub(super) fn calls(&self) -> u64 {
        self.operations.iter().map(Traffic::calls).sum()
    }

    pub(super) fn of(&self, class: Class) -> u64 {
        self.operations.iter().map(|it| it.of(class)).sum()
    }
}

impl Traffic {
    pub(super) fn calls(&self) -> u64 {
        self.counts.iter().sum()
    }

    pub(super) fn of(&self, class: Class) -> u64 {
        self.counts[class as usize]
    }
}
