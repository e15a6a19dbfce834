//! What befalls the verbs of a scripted store, and how often they were called.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use idempotent_runtime::Token;
use idempotent_runtime::record::RecordId;

/// A verb of the store that can be scripted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the names of the verbs
pub enum Verb {
    Claim,
    Extend,
    Complete,
    Release,
    Inspect,
    Wait,
    Step,
    List,
    Stats,
    Answer,
}

/// What befalls a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is not carried out, and the caller is told so.
    Fail,
    /// It is carried out, and the caller is told that it was not.
    LoseAck,
    /// It is carried out after this time, if the caller is still there.
    Slow(Duration),
    /// It is carried out, and answered after this time.
    SlowAck(Duration),
    /// It is never answered, and not carried out.
    Hang,
    /// The store answers that it is not set up for it.
    Misconfigured,
    /// Nothing happens, and the driver tells what it connected with.
    Leak(&'static str),
}

#[derive(Debug, Default)]
pub(crate) struct Script {
    pub(crate) next: HashMap<Verb, VecDeque<Fault>>,
    pub(crate) always: HashMap<Verb, Fault>,
    pub(crate) counts: HashMap<Verb, usize>,
    pub(crate) claims: Vec<(RecordId, Token)>,
}

impl Script {
    pub(crate) fn of(script: &Mutex<Self>) -> MutexGuard<'_, Self> {
        script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call of `verb`, and says what befalls it.
    pub(crate) fn fault(&mut self, verb: Verb) -> Option<Fault> {
        *self.counts.entry(verb).or_default() += 1;
        let next = self.next.get_mut(&verb).and_then(VecDeque::pop_front);
        next.or_else(|| self.always.get(&verb).copied())
    }
}
