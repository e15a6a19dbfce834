//! What the service keeps for a key.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    thread::{self, ThreadId},
};

use super::spans::Spans;
use crate::{
    case::Response,
    net::{Moment, now},
};

/// A key's record.
#[derive(Clone)]
pub(super) enum Record {
    Running {
        print: Vec<u8>,
        since: Moment,
        /// A thread has one request at a time.
        by: ThreadId,
    },
    Done {
        print: Vec<u8>,
        answer: Response,
        at: Moment,
    },
}

impl Record {
    /// Claimed now, by this thread.
    pub(super) fn running(print: Vec<u8>) -> Self {
        Self::Running {
            print,
            since: now(),
            by: thread::current().id(),
        }
    }

    /// Answered now.
    pub(super) fn done(print: Vec<u8>, answer: Response) -> Self {
        Self::Done {
            print,
            answer,
            at: now(),
        }
    }

    /// Whether its lease or its ttl has ended.
    fn over(&self, spans: Spans) -> bool {
        let (from, span) = match self {
            Self::Running { since, .. } => (since, spans.lease),
            Self::Done { at, .. } => (at, spans.ttl),
        };
        span.is_some_and(|span| now() - *from > span)
    }
}

/// What a request may do.
pub(super) enum Claim {
    Run,
    Busy,
    Mismatch,
    Replay(Response),
}

#[derive(Default)]
pub(super) struct Records {
    spans: Spans,
    all: Mutex<HashMap<String, Record>>,
}

impl Records {
    pub(super) fn new(spans: Spans) -> Self {
        Self {
            spans,
            ..Self::default()
        }
    }

    /// Does it, if the claim is still this thread's: nobody takes it over meanwhile.
    pub(super) fn fenced(&self, id: &str, commit: impl FnOnce()) -> bool {
        let mut records = self.lock();
        let own = thread::current().id();
        match records.get_mut(id) {
            Some(Record::Running { since, by, .. }) if *by == own => {
                commit();
                // The answer is stored next, under a lease that is whole.
                *since = now();
                true
            }
            _ => false,
        }
    }

    /// Looks up and claims in one step.
    pub(super) fn claim(&self, id: &str, print: &[u8]) -> Claim {
        let mut records = self.lock();
        let found = look(self.live(&records, id), print);
        if matches!(found, Claim::Run) {
            records.insert(id.to_owned(), Record::running(print.to_vec()));
        }
        found
    }

    /// Looks up, and claims nothing.
    pub(super) fn look(&self, id: &str, print: &[u8]) -> Claim {
        look(self.live(&self.lock(), id), print)
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

    fn live<'a>(&self, records: &'a HashMap<String, Record>, id: &str) -> Option<&'a Record> {
        records.get(id).filter(|r| !r.over(self.spans))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Record>> {
        // A panicking request must not take the service with it.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn look(record: Option<&Record>, print: &[u8]) -> Claim {
    match record {
        None => Claim::Run,
        Some(Record::Running { print: p, .. } | Record::Done { print: p, .. }) if p != print => {
            Claim::Mismatch
        }
        Some(Record::Running { .. }) => Claim::Busy,
        Some(Record::Done { answer, .. }) => Claim::Replay(answer.clone()),
    }
}
