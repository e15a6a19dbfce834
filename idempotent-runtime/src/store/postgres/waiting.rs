//! Who waits in this process, and for what: one entry for each record, however
//! many wait for it (invariant 12).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout};

use super::Shared;
use super::looker::Looker;
use crate::lease::Token;
use crate::record::RecordId;

/// The pause after the first look.
const FIRST: Duration = Duration::from_millis(5);

#[derive(Default)]
pub(super) struct Waiting {
    entries: Mutex<Entries>,
    /// The looker has something new to do.
    pub(super) changed: Notify,
}

#[derive(Default)]
struct Entries {
    by_id: HashMap<RecordId, Entry>,
    /// A looker runs, and looks at the entries before it ends.
    looked_after: bool,
}

struct Entry {
    /// Dropped with the entry, by which its waiters learn.
    ended: watch::Sender<()>,
    due: Instant,
    pause: Duration,
}

impl Shared {
    /// Returns when the record may have stopped running, or after `at_most`.
    pub(super) async fn wait(&self, id: &RecordId, at_most: Duration) {
        let mut ended = self.waiting.join(id);
        self.look_after_waiters();
        // An error is the sender's end, which is what is waited for.
        let _ = timeout(at_most, ended.changed()).await;
    }

    fn look_after_waiters(&self) {
        let mut entries = self.waiting.entries();
        if entries.looked_after {
            drop(entries);
            self.waiting.changed.notify_one();
        } else if let Ok(runtime) = Handle::try_current() {
            entries.looked_after = true;
            let looker = Looker {
                waiting: Arc::clone(&self.waiting),
                pool: self.pool.clone(),
                statement: self.statements.look.clone(),
                notifications: self.notifications,
                on_duty: true,
            };
            runtime.spawn(looker.run());
        }
    }
}

impl Waiting {
    fn join(&self, id: &RecordId) -> watch::Receiver<()> {
        let now = Instant::now();
        let mut entries = self.entries();
        let entry = entries.by_id.entry(*id).or_insert_with(|| Entry {
            ended: watch::Sender::new(()),
            due: now,
            pause: FIRST,
        });
        // Whoever joins may come after the end, and is not kept long.
        entry.due = entry.due.min(now + FIRST);
        entry.ended.subscribe()
    }

    /// The record's attempt ended: lets its waiters go.
    pub(super) fn ended(&self, id: &RecordId) {
        self.entries().by_id.remove(id);
    }

    /// The records to look at now, and when the next ones are due. Entries
    /// that nobody waits for any more are gone after this.
    pub(super) fn due(&self) -> (Vec<RecordId>, Option<Instant>) {
        let now = Instant::now();
        let mut entries = self.entries();
        entries
            .by_id
            .retain(|_, entry| entry.ended.receiver_count() > 0);
        let due = |entry: &Entry| entry.due <= now;
        let (mut at_once, mut next) = (Vec::new(), None::<Instant>);
        for (id, entry) in &entries.by_id {
            if due(entry) {
                at_once.push(*id);
            } else {
                next = Some(next.map_or(entry.due, |next| next.min(entry.due)));
            }
        }
        (at_once, next)
    }

    /// The record still runs: looks again after a pause that grows up to
    /// `longest`, or when its lease has run out, of which nobody tells.
    pub(super) fn look_again(&self, id: &RecordId, remaining: Duration, longest: Duration) {
        if let Some(entry) = self.entries().by_id.get_mut(id) {
            entry.due = Instant::now() + jittered(entry.pause.min(longest)).min(remaining);
            entry.pause = (entry.pause * 2).min(longest);
        }
    }

    /// Something may have been missed: looks at all of them now.
    pub(super) fn look_at_all(&self) {
        let now = Instant::now();
        for entry in self.entries().by_id.values_mut() {
            entry.due = now;
            entry.pause = FIRST;
        }
        self.changed.notify_one();
    }

    /// Ends the looker's duty, unless somebody waits.
    pub(super) fn leave_if_idle(&self) -> bool {
        let mut entries = self.entries();
        let idle = entries.by_id.is_empty();
        if idle {
            entries.looked_after = false;
        }
        idle
    }

    /// The looker is gone, with its runtime or by a panic: the next waiter
    /// starts another, and those who wait ask for themselves.
    pub(super) fn abandon(&self) {
        let mut entries = self.entries();
        entries.looked_after = false;
        entries.by_id.clear();
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Between half of `pause` and all of it, so that processes do not look in step.
fn jittered(pause: Duration) -> Duration {
    let random = Token::mint().map_or(255, |token| token.as_bytes()[0]);
    pause / 2 + (pause / 2) * u32::from(random) / 255
}
