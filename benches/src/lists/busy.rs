//! For how long a list keeps a store busy without a break: on a database the
//! longest statement, from its sending to its last row, as the client sees it;
//! in memory the longest time for which a list keeps its thread, locks and all.
//! Redis says itself: see `redis`.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};

/// Where sqlx tells of each statement.
const STATEMENTS: &str = "sqlx::query";

static WATCHES: AtomicBool = AtomicBool::new(false);
static LONGEST: AtomicU64 = AtomicU64::new(0);

/// The watch over this process's statements and polls.
pub struct Watch;

impl Watch {
    /// From now on.
    pub fn begin() -> Self {
        // Another one may be there already, which is of this kind too.
        let _ = tracing::subscriber::set_global_default(Statements);
        LONGEST.store(0, Relaxed);
        WATCHES.store(true, Relaxed);
        Self
    }

    /// The longest statement, or poll, since then.
    pub fn end(self) -> Duration {
        WATCHES.store(false, Relaxed);
        Duration::from_nanos(LONGEST.load(Relaxed))
    }
}

/// Runs what never waits for a server, and watches how long each poll takes.
pub async fn polled<F: Future>(run: F) -> F::Output {
    let mut run = std::pin::pin!(run);
    std::future::poll_fn(|context| {
        let began = Instant::now();
        let polled = run.as_mut().poll(context);
        saw(began.elapsed().as_secs_f64());
        polled
    })
    .await
}

fn saw(seconds: f64) {
    if WATCHES.load(Relaxed) {
        LONGEST.fetch_max((seconds * 1e9) as u64, Relaxed);
    }
}

struct Statements;

impl Subscriber for Statements {
    /// Asked each time: there is nothing to be paid while nobody watches.
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.target() == STATEMENTS {
            Interest::sometimes()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == STATEMENTS && WATCHES.load(Relaxed)
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Seconds);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Seconds;

impl Visit for Seconds {
    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "elapsed_secs" {
            saw(value);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
