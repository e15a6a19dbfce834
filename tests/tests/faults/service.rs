//! A service with a ledger: every run of its body, counted at the effect.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use idempotent_runtime::conformance::FaultyStore;
use idempotent_runtime::{Attempt, Error, Idempotency, idempotent};

/// What one process of the service is.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) idempotency: Idempotency,
    pub(crate) ledger: Ledger,
}

/// Shared by all processes, like a bank.
#[derive(Clone, Default)]
pub(crate) struct Ledger(Arc<Mutex<HashMap<String, Entry>>>);

#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Attempts that reached the effect.
    pub(crate) ran: u32,
    /// Attempts whose body ended with a final answer.
    pub(crate) completed: u32,
    /// Attempts that learned that their lease was lost.
    pub(crate) told: u32,
}

/// What a body is asked to do.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    /// How long it takes.
    pub(crate) takes: Duration,
    /// How many runs of a key fail before one succeeds.
    pub(crate) failing: u32,
}

#[derive(Debug)]
pub(crate) enum Refusal {
    Guard(Error),
    /// The body's own error: not final.
    Body,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Guard(error)
    }
}

impl Service {
    pub(crate) fn over(store: &FaultyStore, ledger: &Ledger) -> Self {
        Self {
            idempotency: Idempotency::new(store.clone()),
            ledger: ledger.clone(),
        }
    }

    /// Runs the key once, and answers with the number of its run.
    pub(crate) async fn charge(&self, key: &str, work: Work) -> Result<u32, Refusal> {
        charge(self, key, work).await
    }

    /// As a patient client does: again, until there is an answer.
    pub(crate) async fn answer(&self, key: &str, work: Work) -> u32 {
        for _ in 0..500 {
            match self.charge(key, work).await {
                Ok(answer) => return answer,
                Err(Refusal::Body) => {}
                Err(Refusal::Guard(error)) => {
                    let pause = error.retry_after().unwrap_or_else(|| panic!("{error}"));
                    tokio::time::sleep(pause).await;
                }
            }
        }
        panic!("{key} got no answer in 500 tries");
    }
}

#[idempotent(store = service.idempotency, key = key, lease = "10s")]
async fn charge(service: &Service, key: &str, work: Work) -> Result<u32, Refusal> {
    let run = service.ledger.note(key, |entry| {
        entry.ran += 1;
        entry.ran
    });
    let attempt = Attempt::current().expect("an attempt runs the body");
    tokio::select! {
        () = tokio::time::sleep(work.takes) => {}
        () = attempt.lost() => {
            service.ledger.note(key, |entry| entry.told += 1);
            // It does not listen, and goes on to its end.
            tokio::time::sleep(work.takes).await;
        }
    }
    if run <= work.failing {
        return Err(Refusal::Body);
    }
    service.ledger.note(key, |entry| entry.completed += 1);
    Ok(run)
}

impl Ledger {
    pub(crate) fn of(&self, key: &str) -> Entry {
        self.note(key, |entry| *entry)
    }

    fn note<T>(&self, key: &str, note: impl FnOnce(&mut Entry) -> T) -> T {
        note(self.0.lock().unwrap().entry(key.to_owned()).or_default())
    }
}

impl Work {
    pub(crate) const fn quick() -> Self {
        Self {
            takes: Duration::from_millis(100),
            failing: 0,
        }
    }

    pub(crate) const fn taking(takes: Duration) -> Self {
        Self { takes, failing: 0 }
    }
}
