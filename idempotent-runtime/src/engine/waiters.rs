//! The duplicates that wait in this process, grouped by what they wait for:
//! a thousand of them cost the store as many statements as one (invariant 12).

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::time::{Instant, timeout_at};

use crate::error::{Error, RETRY_SOON};
use crate::fingerprint::Fingerprint;
use crate::outcome::{Done, Running};
use crate::record::RecordId;

/// Another fingerprint waits for another verdict.
type What = (RecordId, Fingerprint);

pub(super) struct Waiters {
    max: usize,
    groups: Mutex<Groups>,
}

#[derive(Default)]
struct Groups {
    by_what: HashMap<What, Arc<Group>>,
    waiting: usize,
}

#[derive(Default)]
struct Group {
    /// Held by the one member that asks the store; in order of arrival.
    turn: tokio::sync::Mutex<()>,
    answer: OnceLock<Done>,
    /// What the last one that asked saw run, and when.
    seen: Mutex<Option<(Running, Instant)>>,
}

/// A member's part in its group.
pub(super) struct Member<'a> {
    waiters: &'a Waiters,
    what: What,
    group: Arc<Group>,
    /// The first of a group need not wait: it is none of the waiting ones
    /// until it does.
    waits: AtomicBool,
}

impl Waiters {
    pub(super) fn new(max: usize) -> Self {
        Self {
            max,
            groups: Mutex::default(),
        }
    }

    pub(super) fn join(&self, id: RecordId, fingerprint: Fingerprint) -> Result<Member<'_>, Error> {
        let what = (id, fingerprint);
        let mut groups = self.groups();
        let (group, waits) = match groups.by_what.get(&what) {
            Some(group) => (Arc::clone(group), true),
            None => (Arc::default(), false),
        };
        if waits {
            groups.enter(self.max)?;
        } else {
            groups.by_what.insert(what, Arc::clone(&group));
        }
        drop(groups);
        Ok(Member {
            waiters: self,
            what,
            group,
            waits: waits.into(),
        })
    }

    fn groups(&self) -> MutexGuard<'_, Groups> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Groups {
    fn enter(&mut self, max: usize) -> Result<(), Error> {
        if self.waiting >= max {
            return Err(Error::Overloaded {
                retry_after: RETRY_SOON,
            });
        }
        self.waiting += 1;
        Ok(())
    }

    /// Takes a group off the map, unless it is another one by now.
    fn dissolve(&mut self, what: What, group: &Arc<Group>) {
        if let Entry::Occupied(entry) = self.by_what.entry(what)
            && Arc::ptr_eq(entry.get(), group)
        {
            entry.remove();
        }
    }
}

impl Member<'_> {
    /// The right to ask the store, or `None` at the deadline.
    pub(super) async fn turn(&self, deadline: Instant) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        timeout_at(deadline, self.group.turn.lock()).await.ok()
    }

    /// Whether it is one of the waiting.
    pub(super) fn waits(&self) -> bool {
        self.waits.load(SeqCst)
    }

    /// What a member before learned.
    pub(super) fn answer(&self) -> Option<Done> {
        self.group.answer.get().cloned()
    }

    /// What runs, as far as a member before saw it.
    pub(super) fn seen(&self) -> Option<Running> {
        let (mut running, at) = (*self.group.seen())?;
        let since = at.elapsed();
        running.age += since;
        running.remaining = running.remaining.saturating_sub(since);
        Some(running)
    }

    /// Tells the others what runs, and is one of the waiting from now on.
    pub(super) fn wait_for(&self, running: Running) -> Result<(), Error> {
        *self.group.seen() = Some((running, Instant::now()));
        if !self.waits.load(SeqCst) {
            self.waiters.groups().enter(self.waiters.max)?;
            self.waits.store(true, SeqCst);
        }
        Ok(())
    }

    /// Tells the others, and closes the group: who comes later asks anew, so
    /// that an answer is not shared beyond its life.
    pub(super) fn share(&self, done: Done) {
        // Only the member whose turn it is can be here, and it is the first.
        let _ = self.group.answer.set(done);
        self.waiters.groups().dissolve(self.what, &self.group);
    }
}

impl Group {
    fn seen(&self) -> MutexGuard<'_, Option<(Running, Instant)>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Member<'_> {
    fn drop(&mut self) {
        let mut groups = self.waiters.groups();
        groups.waiting -= usize::from(*self.waits.get_mut());
        // The map's and this one: no other member is left.
        if Arc::strong_count(&self.group) == 2 {
            groups.dissolve(self.what, &self.group);
        }
    }
}
