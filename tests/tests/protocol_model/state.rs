//! A moment of a history: the books, the three attempts, and the messages
//! that are still on their way.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use idempotent_runtime::Answer;
use idempotent_runtime::outcome::Release;

use crate::books::Books;
use crate::mutant::Mutant;

/// What a history is made under.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// The lease, in ticks.
    pub(crate) lease: u64,
    /// The ttl, in ticks.
    pub(crate) ttl: u64,
    /// How often time passes.
    pub(crate) ticks: u8,
    /// How many messages are lost or late.
    pub(crate) faults: u8,
    /// What is broken, if anything.
    pub(crate) mutant: Option<Mutant>,
}

/// The token of an attempt: two for each process, as one that lost its
/// record without a winner claims it anew.
pub(crate) type TokenNo = u8;

#[derive(Clone)]
pub(crate) struct State {
    pub(crate) books: Books,
    pub(crate) processes: [Process; 3],
    pub(crate) late: Vec<Message>,
    pub(crate) faults: u8,
    pub(crate) ticks: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Process {
    pub(crate) number: u8,
    pub(crate) generation: u8,
    pub(crate) step: Step,
}

/// Where a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    Idle,
    /// Its claim has no acknowledgement yet.
    Claiming,
    /// Its claim was sent twice and not acknowledged: nothing runs.
    Doubting,
    Running {
        fence: u64,
    },
    /// Its body has ended with a final answer.
    Completing {
        fence: u64,
    },
    /// It lost the record, and asks who has it.
    Reclaiming,
    GivingBack {
        reason: Reason,
    },
    Ended(End),
}

/// Why a record is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Reason {
    Retry,
    Interrupted,
}

/// What became of a process's caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum End {
    /// It has the answer of this process's body.
    Answered(u8),
    /// It was told to come again.
    Refused,
    Crashed,
}

/// A request that arrives when its sender has given it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Message {
    Claim { token: TokenNo },
    Complete { token: TokenNo, fence: u64 },
    Release { token: TokenNo, reason: Reason },
}

impl State {
    pub(crate) fn first(terms: &Terms) -> Self {
        let process = |number| Process {
            number,
            generation: 0,
            step: Step::Idle,
        };
        Self {
            books: Books::new(terms),
            processes: [process(0), process(1), process(2)],
            late: Vec::new(),
            faults: terms.faults,
            ticks: terms.ticks,
        }
    }

    /// What tells this moment from all others: two hashes, so that none is
    /// taken for another.
    pub(crate) fn fingerprint(&self) -> u128 {
        let mut late = self.late.clone();
        late.sort_unstable();
        let hash = |salt: u64| {
            let mut hasher = DefaultHasher::new();
            (salt, &late, &self.processes, self.faults, self.ticks).hash(&mut hasher);
            self.books.hash(&mut hasher);
            hasher.finish()
        };
        u128::from(hash(1)) << 64 | u128::from(hash(2))
    }
}

impl Process {
    pub(crate) fn token(&self) -> TokenNo {
        self.number * 2 + self.generation
    }

    pub(crate) fn is_started(&self) -> bool {
        self.step != Step::Idle
    }
}

impl From<Reason> for Release {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Retry => Self::Retry,
            Reason::Interrupted => Self::Interrupted,
        }
    }
}

/// The answer of a process's body; its length tells whose it is.
pub(crate) fn answer_of(process: u8) -> Answer {
    Answer::from_bytes(vec![2; 2 + usize::from(process)])
}

/// Whose answer it is.
pub(crate) fn author(answer: &Answer) -> u8 {
    u8::try_from(answer.as_bytes().len() - 2).expect("an answer of this model")
}
