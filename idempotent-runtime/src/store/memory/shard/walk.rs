//! What an operator's lists read of a shard: a few slots under each lock.

use super::Shard;
use crate::record::{RecordView, StoreTime};
use crate::store::{ListedState, Listing};

/// How many slots are read under one lock: a claim waits for them.
const AT_ONCE: usize = 64;

/// What one look at a shard came to.
#[derive(Debug, Default)]
pub(in crate::store::memory) struct Walked {
    /// Those of the list, and when the leases of those end that run.
    pub(in crate::store::memory) found: Vec<(Option<StoreTime>, RecordView)>,
    /// How many records it read.
    pub(in crate::store::memory) scanned: u64,
    /// From which slot on to read next; `None` at the shard's end.
    pub(in crate::store::memory) next: Option<u32>,
}

/// How many of the records that were looked at are in which state.
#[derive(Debug, Default, Clone, Copy)]
pub(in crate::store::memory) struct Tally {
    /// With those that are stuck.
    pub(in crate::store::memory) running: u64,
    pub(in crate::store::memory) stuck: u64,
    pub(in crate::store::memory) done: u64,
    pub(in crate::store::memory) expired: u64,
}

impl Shard {
    pub(in crate::store::memory) fn running(&self) -> usize {
        self.running.count()
    }

    pub(in crate::store::memory) fn chunks(&self) -> usize {
        self.slots.chunks()
    }

    /// Those of `listing` in a few slots from `slot` on, and at most `most`.
    pub(in crate::store::memory) fn walk(
        &self,
        slot: u32,
        listing: &Listing,
        most: usize,
        now: StoreTime,
    ) -> Walked {
        let mut walked = Walked::default();
        // An operation that this shard never saw has no record here.
        let operation = match &listing.operation {
            None => None,
            Some(name) => match self.names.known(name) {
                None => return walked,
                known => known,
            },
        };
        let mut next = self.listed_from(slot, listing);
        for _ in 0..AT_ONCE {
            let Some(number) = next else {
                return walked;
            };
            next = self.listed_from(number + 1, listing);
            let Some(slot) = self.slots.get(number) else {
                continue;
            };
            walked.scanned += 1;
            if operation.is_some_and(|operation| operation != slot.operation) {
                continue;
            }
            let view = self.view_of(number, now);
            if let Some(view) = view.filter(|view| listing.shows(view)) {
                walked.found.push((slot.record.lease_until(), view));
                if walked.found.len() == most {
                    break;
                }
            }
        }
        walked.next = next;
        walked
    }

    /// The first slot from `slot` on that such a list reads.
    fn listed_from(&self, slot: u32, listing: &Listing) -> Option<u32> {
        match listing.state {
            Some(ListedState::Running | ListedState::Stuck) => self.running.from(slot),
            Some(ListedState::Free | ListedState::Done) | None => {
                self.slots.reach(slot).then_some(slot)
            }
        }
    }

    /// Counts a few of those that run, from `slot` on; where to go on.
    pub(in crate::store::memory) fn tally_running(
        &self,
        slot: u32,
        now: StoreTime,
        tally: &mut Tally,
    ) -> Option<u32> {
        let mut next = self.running.from(slot);
        for _ in 0..AT_ONCE {
            let number = next?;
            self.tally_one(number, now, tally);
            next = self.running.from(number + 1);
        }
        next
    }

    /// Counts a chunk of slots, whatever is in them.
    pub(in crate::store::memory) fn tally_chunk(
        &self,
        chunk: usize,
        now: StoreTime,
        tally: &mut Tally,
    ) {
        for number in self.slots.numbers(chunk) {
            self.tally_one(number, now, tally);
        }
    }

    fn tally_one(&self, number: u32, now: StoreTime, tally: &mut Tally) {
        let Some(slot) = self.slots.get(number) else {
            return;
        };
        if slot.record.expires_at() <= now {
            tally.expired += 1;
        } else if let Some(until) = slot.record.lease_until() {
            tally.running += 1;
            tally.stuck += u64::from(until <= now);
        } else if slot.record.answer().is_some() {
            tally.done += 1;
        }
    }

    pub(super) fn view_of(&self, number: u32, now: StoreTime) -> Option<RecordView> {
        let slot = self.slots.get(number)?;
        let mut view = slot.record.view(slot.id, now)?;
        view.trace = slot.trace.as_deref().copied();
        view.operation = self.names.name(slot.operation);
        view.owner = self.names.name(slot.owner);
        Some(view)
    }
}
