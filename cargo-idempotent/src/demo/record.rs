//! What the service keeps for a key.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::case::Response;

/// A key's record.
#[derive(Clone)]
pub(super) enum Record {
    Running { print: Vec<u8> },
    Done { print: Vec<u8>, answer: Response },
}

/// What a request may do.
pub(super) enum Claim {
    Run,
    Busy,
    Mismatch,
    Replay(Response),
}

#[derive(Default)]
pub(super) struct Records(Mutex<HashMap<String, Record>>);

impl Records {
    /// Looks up and claims in one step.
    pub(super) fn claim(&self, id: &str, print: &[u8]) -> Claim {
        let mut records = self.lock();
        let found = look(records.get(id), print);
        if matches!(found, Claim::Run) {
            let print = print.to_vec();
            records.insert(id.to_owned(), Record::Running { print });
        }
        found
    }

    /// Looks up, and claims nothing.
    pub(super) fn look(&self, id: &str, print: &[u8]) -> Claim {
        look(self.lock().get(id), print)
    }

    /// The body of a stored answer.
    pub(super) fn answer(&self, id: &str) -> Option<serde_json::Value> {
        match self.lock().get(id)? {
            Record::Done { answer, .. } => answer.body.as_json(),
            Record::Running { .. } => None,
        }
    }

    pub(super) fn put(&self, id: &str, record: Record) {
        self.lock().insert(id.to_owned(), record);
    }

    pub(super) fn free(&self, id: &str) {
        self.lock().remove(id);
    }

    pub(super) fn any_running(&self) -> bool {
        let records = self.lock();
        records
            .values()
            .any(|r| matches!(r, Record::Running { .. }))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Record>> {
        // A panicking request must not take the service with it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn look(record: Option<&Record>, print: &[u8]) -> Claim {
    match record {
        None => Claim::Run,
        Some(Record::Running { print: p } | Record::Done { print: p, .. }) if p != print => {
            Claim::Mismatch
        }
        Some(Record::Running { .. }) => Claim::Busy,
        Some(Record::Done { answer, .. }) => Claim::Replay(answer.clone()),
    }
}
