//! What was seen of late, for the detectors that compare a request with
//! another: one table of a fixed size, whatever clients send.
//!
//! An entry has 16 bytes: a tag, when it was seen, and what its detector
//! marks. Tags are keyed by a random key of this process and never leave it,
//! so that nobody can aim collisions, or read keys back. A filter would be
//! smaller, and would find what is not there, and know no time.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::labels::Detector;

/// Entries of a set: a tag has one set, and may lie anywhere in it.
const WAYS: usize = 8;
const SHARDS: usize = 64;

pub(crate) struct Recent {
    shards: Box<[Mutex<Box<[Set]>>]>,
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
        let shard = || Mutex::new(vec![Set::default(); sets].into_boxed_slice());
        Self {
            shards: std::iter::repeat_with(shard).take(SHARDS).collect(),
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
        let at = usize::try_from(set).unwrap_or(0) & (sets.len() - 1);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn see(recent: &Recent, detector: Detector, of: u64, mark: u32) -> Option<Before> {
        let mut before = None;
        recent.see(recent.tag(detector, of), |was| {
            before = was;
            Some(mark)
        });
        before
    }

    #[tokio::test(start_paused = true)]
    async fn a_thing_seen_again_tells_when_and_how_it_was_marked() {
        let recent = Recent::new(1 << 12);
        assert_eq!(see(&recent, Detector::CrossScope, 1, 7), None);
        tokio::time::advance(Duration::from_mins(1)).await;
        let before = see(&recent, Detector::CrossScope, 1, 8).unwrap();
        assert_eq!((before.ago.as_secs(), before.mark), (60, 7));
        // The same of another detector is another thing.
        assert_eq!(see(&recent, Detector::Suspects, 1, 9), None);
        tokio::time::advance(Duration::from_secs(601)).await;
        assert_eq!(see(&recent, Detector::CrossScope, 1, 9), None);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_new_is_seen_again_and_a_full_table_pushes_out_the_oldest() {
        let recent = Recent::new(1 << 10);
        let mut pushed_out = 0;
        for n in 0_u64..100_000 {
            let tag = recent.tag(Detector::Repeats, n);
            let was = recent.see(tag, |before| {
                assert_eq!(before, None, "{n} was never seen");
                Some(0)
            });
            pushed_out += u64::from(was == Some(Detector::Repeats));
        }
        assert!(pushed_out > 90_000, "{pushed_out}");
        assert!(see(&recent, Detector::Repeats, 99_999, 0).is_some());
        assert_eq!(see(&recent, Detector::Repeats, 1, 0), None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_of_no_use_any_more_makes_room_uncounted() {
        let recent = Recent::new(1);
        for n in 0_u64..4_096 {
            see(&recent, Detector::Suspects, n, 0);
        }
        tokio::time::advance(Duration::from_secs(121)).await;
        for n in 0_u64..64 {
            let tag = recent.tag(Detector::Suspects, 10_000 + n);
            assert_eq!(recent.see(tag, |_| Some(0)), None);
        }
    }

    #[test]
    fn a_million_things_leave_its_size_as_it_was() {
        let recent = Recent::new(1 << 18);
        let bytes = || {
            let shards = recent
                .shards
                .iter()
                .map(|shard| shard.lock().unwrap().len());
            shards.sum::<usize>() * size_of::<Set>()
        };
        let before = bytes();
        for n in 0_u64..1_000_000 {
            recent.see(recent.tag(Detector::Suspects, n), |_| Some(0));
        }
        println!("{} bytes after a million things", bytes());
        assert_eq!((before, bytes()), (4 << 20, 4 << 20));
    }

    #[test]
    fn an_entry_has_sixteen_bytes() {
        assert_eq!(size_of::<Entry>(), 16);
    }
}
