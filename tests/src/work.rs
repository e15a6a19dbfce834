//! What the bodies under test do: an effect that is counted, takes a time,
//! and has an answer.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::response::{IntoResponse, Response};

type Answer = dyn Fn(u64) -> Response + Send + Sync;

/// An effect; clones share it.
#[derive(Clone)]
pub struct Work(Arc<Shared>);

struct Shared {
    started: AtomicU64,
    finished: AtomicU64,
    plan: Mutex<Plan>,
}

#[derive(Clone)]
struct Plan {
    takes: Duration,
    answer: Arc<Answer>,
}

impl Work {
    /// How often a body began.
    pub fn started(&self) -> u64 {
        self.0.started.load(SeqCst)
    }

    /// How often a body came to its end.
    pub fn finished(&self) -> u64 {
        self.0.finished.load(SeqCst)
    }

    /// From now on a body takes this long.
    pub fn takes(&self, time: Duration) {
        self.plan(|plan| plan.takes = time);
    }

    /// From now on the `n`th body answers what `answer` makes of `n`.
    pub fn answers<R: IntoResponse>(&self, answer: impl Fn(u64) -> R + Send + Sync + 'static) {
        self.plan(|plan| plan.answer = Arc::new(move |n| answer(n).into_response()));
    }

    /// One effect; which it was, from 1.
    pub async fn effect(&self) -> u64 {
        let n = self.0.started.fetch_add(1, SeqCst) + 1;
        let takes = self.plan(|plan| plan.takes);
        if !takes.is_zero() {
            tokio::time::sleep(takes).await;
        }
        self.0.finished.fetch_add(1, SeqCst);
        n
    }

    /// One effect, and its answer.
    pub async fn run(&self) -> Response {
        let n = self.effect().await;
        // Called outside of the lock: an answer may panic.
        let answer = self.plan(|plan| Arc::clone(&plan.answer));
        answer(n)
    }

    fn plan<T>(&self, of: impl FnOnce(&mut Plan) -> T) -> T {
        of(&mut self.0.plan.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for Work {
    fn default() -> Self {
        let plan = Plan {
            takes: Duration::ZERO,
            answer: Arc::new(|n| format!("effect {n}").into_response()),
        };
        Self(Arc::new(Shared {
            started: AtomicU64::new(0),
            finished: AtomicU64::new(0),
            plan: Mutex::new(plan),
        }))
    }
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Work({} of {})", self.finished(), self.started())
    }
}
