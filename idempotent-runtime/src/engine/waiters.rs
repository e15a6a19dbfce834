//! The duplicates that wait in this process, grouped by what they wait for:
//! a thousand of them cost the store as many statements as one (invariant 12).

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::time::{Instant, timeout_at};

use crate::error::{Error, RETRY_SOON};
use crate::fingerprint::Fingerprint;
use crate::outcome::Done;
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
    members: usize,
}

#[derive(Default)]
struct Group {
    /// Held by the one member that asks the store; in order of arrival.
    turn: tokio::sync::Mutex<()>,
    answer: OnceLock<Done>,
}

/// A member's part in its group.
pub(super) struct Member<'a> {
    waiters: &'a Waiters,
    what: What,
    group: Arc<Group>,
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
        if groups.members >= self.max {
            return Err(Error::Overloaded {
                retry_after: RETRY_SOON,
            });
        }
        groups.members += 1;
        let group = Arc::clone(groups.by_what.entry(what).or_default());
        Ok(Member {
            waiters: self,
            what,
            group,
        })
    }

    fn groups(&self) -> MutexGuard<'_, Groups> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Groups {
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

    /// What a member before learned.
    pub(super) fn answer(&self) -> Option<Done> {
        self.group.answer.get().cloned()
    }

    /// Tells the others, and closes the group: who comes later asks anew, so
    /// that an answer is not shared beyond its life.
    pub(super) fn share(&self, done: Done) {
        // Only the member whose turn it is can be here, and it is the first.
        let _ = self.group.answer.set(done);
        self.waiters.groups().dissolve(self.what, &self.group);
    }
}

impl Drop for Member<'_> {
    fn drop(&mut self) {
        let mut groups = self.waiters.groups();
        groups.members -= 1;
        // The map's and this one: no other member is left.
        if Arc::strong_count(&self.group) == 2 {
            groups.dissolve(self.what, &self.group);
        }
    }
}
