//! One lock's worth of records: their slots, and what
//! expires when. Invariants 1 to 6 are the [`Record`]'s.

mod slots;
mod walk;

pub(super) use self::walk::Tally;

use std::sync::atomic::Ordering::Relaxed;

use self::slots::Slots;
use super::expiry::Expiry;
use super::names::Names;
use super::quota::{Bounds, Quotas, ScopeTag};
use super::running::Running;
use crate::answer::Answer;
use crate::lease::{Fence, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Operated, Ownership, Release, Winner};
use crate::record::{Record, RecordId, RecordView, StoreTime, Trace};
use crate::step::Step;
use crate::store::{Claim, StoreError};

/// How many expired records a claim of a new one removes: more than one, so
/// that the expired ones cannot pile up.
const RECLAIMED_PER_CLAIM: usize = 2;

#[derive(Debug, Default)]
pub(super) struct Shard {
    slots: Slots,
    expiry: Expiry,
    running: Running,
    names: Names,
    /// The highest fence of a record that was removed: its successor's is
    /// higher, though the clock may not have moved since (invariant 4).
    removed: u64,
}

#[derive(Debug)]
struct Slot {
    id: RecordId,
    record: Record,
    scope: ScopeTag,
    trace: Option<Box<Trace>>,
    operation: u16,
    owner: u16,
    /// For how long after its expiry the record is kept, in milliseconds.
    grace: u32,
}

/// The attempt that says that it is done.
pub(super) struct Attempted<'a> {
    pub(super) id: &'a RecordId,
    pub(super) token: &'a Token,
    pub(super) fence: Fence,
    pub(super) ttl: Ttl,
}

impl Shard {
    pub(super) fn claim(
        &mut self,
        claim: &Claim<'_>,
        now: StoreTime,
        bounds: &Bounds,
        quotas: &Quotas,
    ) -> Result<ClaimOutcome, StoreError> {
        let operation = self.names.number(claim.operation);
        let owner = self.names.number(claim.owner);
        if let Some(number) = self.slots.number(&claim.id)
            && let Some(slot) = self.slots.get_mut(number)
        {
            let held = slot.record.content_bytes();
            let outcome = slot.record.claim(claim, now);
            match &outcome {
                ClaimOutcome::Claimed(_) => {
                    // What remains of it: steps, or nothing.
                    let dropped = held - slot.record.content_bytes();
                    bounds.bytes.fetch_sub(dropped, Relaxed);
                    slot.trace = claim.trace.map(Box::new);
                    (slot.operation, slot.owner) = (operation, owner);
                    slot.grace = grace(claim);
                    self.running.starts(number);
                }
                ClaimOutcome::Done(done) => {
                    let mut done = done.clone();
                    done.trace = slot.trace.as_deref().copied();
                    return Ok(ClaimOutcome::Done(done));
                }
                ClaimOutcome::Running(_) => {}
            }
            return Ok(outcome);
        }
        self.reclaim(RECLAIMED_PER_CLAIM, now, bounds, quotas);
        let scope = Quotas::tag(&claim.scope);
        quotas.enter(scope, claim.quota)?;
        if let Err(full) = bounds.enter() {
            quotas.leave(scope);
            return Err(full);
        }
        let (record, claimed) = Record::first(claim, now.max(self.removed + 1));
        self.insert(Slot {
            id: claim.id,
            record,
            scope,
            trace: claim.trace.map(Box::new),
            operation,
            owner,
            grace: grace(claim),
        });
        Ok(ClaimOutcome::Claimed(claimed))
    }

    pub(super) fn record(&mut self, id: &RecordId) -> Option<&mut Record> {
        let number = self.slots.number(id)?;
        self.slots.get_mut(number).map(|slot| &mut slot.record)
    }

    pub(super) fn step(
        &mut self,
        id: &RecordId,
        token: &Token,
        fence: Fence,
        step: &Step,
        bounds: &Bounds,
    ) -> Ownership {
        let recorded = self
            .record(id)
            .map_or(Ownership::Lost, |record| record.step(token, fence, step));
        if recorded == Ownership::Held {
            bounds.bytes.fetch_add(step.as_bytes().len(), Relaxed);
        }
        recorded
    }

    pub(super) fn complete(
        &mut self,
        completion: &Attempted<'_>,
        answer: &Answer,
        now: StoreTime,
        bounds: &Bounds,
    ) -> Completion {
        let Attempted {
            id,
            token,
            fence,
            ttl,
        } = *completion;
        let Some(number) = self.slots.number(id) else {
            return Completion::Lost(Winner::None);
        };
        let Some(slot) = self.slots.get_mut(number) else {
            return Completion::Lost(Winner::None);
        };
        let (before, due) = (slot.record.answer().is_some(), slot.end());
        let steps = slot.record.content_bytes();
        let completion = slot.record.complete(token, fence, answer, ttl, now);
        let end = slot.end();
        if completion == Completion::Stored && !before {
            self.running.ends(number);
            bounds.bytes.fetch_add(answer.as_bytes().len(), Relaxed);
            bounds.bytes.fetch_sub(steps, Relaxed);
            // A ttl shorter than the lease: its turn comes sooner.
            if end < due {
                self.expiry.add(number, end);
            }
        }
        completion
    }

    pub(super) fn release(&mut self, id: &RecordId, token: &Token, reason: Release) -> Ownership {
        let Some(number) = self.slots.number(id) else {
            return Ownership::Lost;
        };
        let released = self
            .slots
            .get_mut(number)
            .map_or(Ownership::Lost, |slot| slot.record.release(token, reason));
        if released == Ownership::Held {
            self.running.ends(number);
        }
        released
    }

    pub(super) fn answer(&mut self, id: &RecordId, now: StoreTime) -> Option<Answer> {
        let record = self.record(id)?;
        if record.expires_at() <= now {
            return None;
        }
        record.answer().cloned()
    }

    pub(super) fn view(&mut self, id: &RecordId, now: StoreTime) -> Option<RecordView> {
        let number = self.slots.number(id)?;
        self.view_of(number, now)
    }

    pub(super) fn forget(
        &mut self,
        id: &RecordId,
        fence: Fence,
        bounds: &Bounds,
        quotas: &Quotas,
    ) -> Operated {
        let may = self
            .record(id)
            .map_or(Operated::Refused, |record| record.may_forget(fence));
        if may == Operated::Applied {
            self.remove(id, bounds, quotas);
        }
        may
    }

    /// Removes at most `limit` records whose grace is over; how many it did.
    pub(super) fn reclaim(
        &mut self,
        limit: usize,
        now: StoreTime,
        bounds: &Bounds,
        quotas: &Quotas,
    ) -> usize {
        let mut removed = 0;
        // Some are only put back: the work of one call is bounded all the same.
        for _ in 0..limit.saturating_mul(4) {
            if removed == limit {
                break;
            }
            let Some(number) = self.expiry.pop(now) else {
                break;
            };
            // A forgotten record's slot may be empty, or another's by now.
            let Some(slot) = self.slots.get_mut(number) else {
                continue;
            };
            let end = slot.end();
            if end > now {
                self.expiry.add(number, end);
                continue;
            }
            let id = slot.id;
            self.remove(&id, bounds, quotas);
            removed += 1;
        }
        removed
    }

    fn insert(&mut self, slot: Slot) {
        let end = slot.end();
        let number = self.slots.insert(slot);
        self.expiry.add(number, end);
        self.running.starts(number);
    }

    fn remove(&mut self, id: &RecordId, bounds: &Bounds, quotas: &Quotas) {
        if let Some((number, slot)) = self.slots.remove(id) {
            self.removed = self.removed.max(slot.record.fence().get());
            bounds.leave(slot.record.content_bytes());
            quotas.leave(slot.scope);
            self.running.ends(number);
        }
    }
}

impl Slot {
    /// When the record may be removed.
    fn end(&self) -> StoreTime {
        self.record.expires_at() + u64::from(self.grace) * 1000
    }
}

/// A tenth of the ttl, an hour at most: long enough to tell a late retry from
/// a first request.
fn grace(claim: &Claim<'_>) -> u32 {
    u32::try_from((claim.ttl.as_millis() / 10).min(3_600_000)).unwrap_or(3_600_000)
}
