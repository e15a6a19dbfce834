//! One lap: tasks that repeat an operation for a span of time, all at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// One task's clock and counter within a lap.
pub struct Pace {
    gate: Arc<Barrier>,
    span: Duration,
    /// The clock is looked at once in so many operations.
    every: u64,
    started: Instant,
    ended: Instant,
    count: u64,
}

impl Pace {
    /// Waits until every task of the lap is ready. What comes before, such as
    /// connecting, is not measured.
    pub async fn begin(&mut self) {
        self.gate.wait().await;
        self.started = Instant::now();
    }

    /// Counts one more operation, unless the time is over.
    pub fn go_on(&mut self) -> bool {
        if self.count.is_multiple_of(self.every) {
            self.ended = Instant::now();
            if self.ended - self.started >= self.span {
                return false;
            }
        }
        self.count += 1;
        true
    }
}

/// Runs a lap of `tasks` tasks; nanoseconds of the whole for each operation.
pub async fn lap<F>(
    tasks: usize,
    span: Duration,
    every: u64,
    work: impl Fn(usize, Pace) -> F,
) -> f64
where
    F: Future<Output = Pace> + Send + 'static,
{
    let gate = Arc::new(Barrier::new(tasks));
    let mut running = JoinSet::new();
    for task in 0..tasks {
        let now = Instant::now();
        let pace = Pace {
            gate: Arc::clone(&gate),
            span,
            every,
            started: now,
            ended: now,
            count: 0,
        };
        running.spawn(work(task, pace));
    }
    let paces = running.join_all().await;
    let count: u64 = paces.iter().map(|pace| pace.count).sum();
    let started = paces.iter().map(|pace| pace.started).min();
    let ended = paces.iter().map(|pace| pace.ended).max();
    let took = ended.zip(started).map(|(ended, started)| ended - started);
    took.unwrap_or_default().as_nanos() as f64 / count as f64
}
