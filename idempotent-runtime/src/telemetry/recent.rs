//! What was seen of late, for the detectors that compare a request with
//! another: one table of a fixed size, whatever clients send.
//!
//! An entry has 16 bytes: a tag, when it was seen, and what its detector
//! marks. Tags are keyed by a random key of this process and never leave it,
//! so that nobody can aim collisions, or read keys back. A filter would be
//! smaller, and would find what is not there, and know no time.

#[cfg(test)]
mod tests;

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::labels::Detector;

/// Entries of a set: a tag has one set, and may lie anywhere in it.
const WAYS: usize = 8;
const SHARDS: usize = 64;

pub(crate) struct Recent {
    /// Each empty until its first entry, so that an idle table takes nothing.
    shards: Box<[Mutex<Box<[Set]>>]>,
    /// Of a shard; a power of two.
    sets: usize,
    keys: RandomState,
    started: Instant,
}

type Set = [Entry; WAYS];

#[derive(Clone, Copy, Default)]
struct Entry {
    tag: u64,
    /// Seconds since the table was made, from 1; zero is an empty entry.
    seen: u32,
    mark: u32,
}

/// What an entry was, if it is still of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Before {
    pub(crate) ago: Duration,
    pub(crate) mark: u32,
}

/// A thing's tag: its detector's number in the lowest bits, and a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag(u64);

/// The bits of a detector's number.
const NUMBER: u64 = 7;
const _: () = assert!(Detector::COUNT as u64 <= NUMBER);

impl Recent {
    /// A table of at least this many entries, 16 bytes each.
    pub(crate) fn new(slots: usize) -> Self {
        let sets = slots.div_ceil(WAYS * SHARDS).next_power_of_two();
        Self {
            shards: std::iter::repeat_with(Mutex::default)
                .take(SHARDS)
                .collect(),
            sets,
            keys: RandomState::new(),
            started: Instant::now(),
        }
    }

    pub(crate) fn tag(&self, detector: Detector, of: impl Hash) -> Tag {
        let hash = self.keys.hash_one((detector as u8, of));
        Tag(hash & !NUMBER | (detector as u64 + 1))
    }

    /// A hasher with this table's key, for what comes in pieces.
    #[cfg(feature = "axum")]
    pub(crate) fn hasher(&self) -> std::hash::DefaultHasher {
        self.keys.build_hasher()
    }

    /// What its entries take, those that are empty included.
    pub(crate) fn bytes(&self) -> usize {
        let sets = |shard: &Mutex<Box<[Set]>>| {
            let sets = shard.lock().unwrap_or_else(PoisonError::into_inner);
            sets.len()
        };
        self.shards.iter().map(sets).sum::<usize>() * size_of::<Set>()
    }

    /// Seconds on this table's clock, after so much more time.
    pub(crate) fn seconds(&self, more: Duration) -> u32 {
        let seconds = (self.started.elapsed() + more).as_secs() + 1;
        u32::try_from(seconds).unwrap_or(u32::MAX)
    }

    /// Looks a tag up, and marks it anew where `next` gives a mark. Whose
    /// entry was pushed out for it, if that one was still of use.
    pub(crate) fn see(
        &self,
        tag: Tag,
        next: impl FnOnce(Option<Before>) -> Option<u32>,
    ) -> Option<Detector> {
        let now = self.seconds(Duration::ZERO);
        let (shard, set) = (tag.0 >> 58, tag.0 >> 3);
        let shard = usize::try_from(shard).unwrap_or(0) % SHARDS;
        let mut sets = self.shards[shard]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if sets.is_empty() {
            *sets = vec![Set::default(); self.sets].into_boxed_slice();
        }
        let at = usize::try_from(set).unwrap_or(0) & (self.sets - 1);
        let set = &mut sets[at];
        if let Some(entry) = set.iter_mut().find(|entry| entry.tag == tag.0) {
            let before = entry.before(now);
            if let Some(mark) = next(before) {
                (entry.seen, entry.mark) = (now, mark);
            }
            return None;
        }
        let mark = next(None)?;
        let oldest = set.iter_mut().min_by_key(|entry| {
            let alive = entry.before(now).is_some();
            (alive, entry.seen)
        })?;
        let pushed_out = oldest.before(now).and_then(|_| oldest.detector());
        *oldest = Entry {
            tag: tag.0,
            seen: now,
            mark,
        };
        pushed_out
    }
}

impl Entry {
    fn detector(self) -> Option<Detector> {
        let number = usize::try_from(self.tag & NUMBER).ok()?;
        Detector::ALL.get(number.checked_sub(1)?).copied()
    }

    /// What it was, unless it is too old to be of use.
    fn before(self, now: u32) -> Option<Before> {
        let ago = now.saturating_sub(self.seen);
        let of_use = match self.detector()? {
            // The mark is when the record's life ends.
            Detector::Forgotten => self.mark > now,
            Detector::Repeats => ago <= 300,
            Detector::Suspects => ago <= 120,
            Detector::CrossScope => ago <= 600,
            Detector::Effects => ago <= 86_400,
        };
        (self.seen > 0 && of_use).then_some(Before {
            ago: Duration::from_secs(ago.into()),
            mark: self.mark,
        })
    }
}
