//! One lock's worth of a near cache: the entries side by side, a table that
//! finds them, and a hand that goes round and takes those that nobody asked
//! for since it came by last (CLOCK).

use hashbrown::HashTable;
use tokio::time::Instant;

use super::OLDEST;
use super::entries::CacheUsage;
use crate::fingerprint::Fingerprint;
use crate::lease::{Fence, Token};
use crate::outcome::Done;
use crate::record::{RecordId, Trace};

/// What an entry takes beside its answer's bytes: itself, its part of the
/// table, spare room, and the allocator's.
const OVERHEAD: usize = 320;
/// How many entries an insertion looks at, to drop those that have died:
/// more than one, so that the dead cannot pile up.
const LOOKED_AT: usize = 2;

#[derive(Default)]
pub(super) struct Shard {
    index: HashTable<u32>,
    entries: Vec<Entry>,
    hand: usize,
    bytes: usize,
    hits: u64,
    misses: u64,
    evicted: u64,
    /// How often an entry was forgotten.
    pub(super) forgotten: u64,
}

struct Entry {
    id: RecordId,
    held: Held,
    /// When the verb was sent that told of it: what it says of durations was
    /// true no sooner.
    sent: Instant,
    /// Whether it was asked for since the hand came by.
    asked: bool,
}

pub(super) enum Held {
    /// An attempt of this process, that may complete.
    Running(Begun),
    /// One that has sent a completion: another one may not fill.
    Completing(Token),
    Done(Done),
}

/// What a completion does not carry.
#[derive(Clone, Copy)]
pub(super) struct Begun {
    pub(super) token: Token,
    pub(super) fence: Fence,
    pub(super) fingerprint: Fingerprint,
    pub(super) trace: Option<Trace>,
    /// When its claim was sent.
    pub(super) at: Instant,
}

impl Held {
    pub(super) fn bytes(&self) -> usize {
        let answer = match self {
            Self::Done(done) => done.answer.as_bytes().len(),
            Self::Running(_) | Self::Completing(_) => 0,
        };
        OVERHEAD + answer
    }
}

impl Entry {
    fn is_alive(&self, now: Instant) -> bool {
        let life = match &self.held {
            Held::Done(done) => done.expires_in.min(OLDEST),
            Held::Running(_) | Held::Completing(_) => OLDEST,
        };
        now.saturating_duration_since(self.sent) < life
    }
}

impl Shard {
    pub(super) fn find(&mut self, id: &RecordId, now: Instant) -> Option<Done> {
        let found = self.place(id).map(|place| &mut self.entries[place]);
        let Some(entry) = found.filter(|entry| entry.is_alive(now)) else {
            self.misses += 1;
            return None;
        };
        let Held::Done(done) = &entry.held else {
            self.misses += 1;
            return None;
        };
        entry.asked = true;
        self.hits += 1;
        let since = now.saturating_duration_since(entry.sent);
        let mut done = done.clone();
        done.age += since;
        done.expires_in = done.expires_in.saturating_sub(since);
        Some(done)
    }

    pub(super) fn holds_attempt(&self, id: &RecordId, token: &Token) -> bool {
        let held = self.place(id).map(|place| &self.entries[place].held);
        match held {
            Some(Held::Running(begun)) => begun.token == *token,
            Some(Held::Completing(completing)) => completing == token,
            Some(Held::Done(_)) | None => false,
        }
    }

    /// The attempt of this token and fence, if it sends its first completion.
    pub(super) fn complete(
        &mut self,
        id: &RecordId,
        token: &Token,
        fence: Fence,
        now: Instant,
    ) -> Option<Begun> {
        let place = self.place(id)?;
        let entry = &mut self.entries[place];
        match entry.held {
            Held::Running(begun) if begun.token == *token && begun.fence == fence => {
                entry.held = Held::Completing(*token);
                let life = now.saturating_duration_since(entry.sent);
                entry.sent = now;
                (life < OLDEST).then_some(begun)
            }
            _ => None,
        }
    }

    /// Makes room, and adds an entry that is not there.
    pub(super) fn insert(&mut self, id: RecordId, held: Held, sent: Instant, max: usize) {
        let size = held.bytes();
        for _ in 0..LOOKED_AT.min(self.entries.len()) {
            self.go_on(|entry| !entry.is_alive(sent));
        }
        // The second time round nothing is left that was asked for.
        while !self.entries.is_empty() && self.bytes + size > max {
            let went = self.go_on(|entry| !std::mem::take(&mut entry.asked));
            self.evicted += u64::from(went);
        }
        let Ok(number) = u32::try_from(self.entries.len()) else {
            return;
        };
        if self.entries.len() == self.entries.capacity() {
            // Little spare room: it counts in no bound.
            self.entries.reserve_exact(16 + self.entries.len() / 8);
        }
        let entry = Entry {
            id,
            held,
            sent,
            asked: false,
        };
        self.entries.push(entry);
        self.bytes += size;
        let entries = &self.entries;
        let hash_of = |number: &u32| hash(&entries[*number as usize].id);
        self.index.insert_unique(hash(&id), number, hash_of);
    }

    pub(super) fn remove(&mut self, id: &RecordId) {
        if let Some(place) = self.place(id) {
            self.take_out(place);
        }
    }

    pub(super) fn add_to(&self, usage: &mut CacheUsage) {
        usage.entries += self.entries.len();
        usage.bytes += self.bytes;
        usage.hits += self.hits;
        usage.misses += self.misses;
        usage.evicted += self.evicted;
    }

    /// Moves the hand over an entry, which goes if it must; whether it went.
    fn go_on(&mut self, must_go: impl FnOnce(&mut Entry) -> bool) -> bool {
        if self.hand >= self.entries.len() {
            self.hand = 0;
        }
        let goes = self.entries.get_mut(self.hand).is_some_and(must_go);
        if goes {
            // The last one comes into its place, behind the hand: it is new.
            self.take_out(self.hand);
        }
        self.hand += 1;
        goes
    }

    fn take_out(&mut self, place: usize) {
        let last = self.entries.len() - 1;
        let (gone, moved) = (self.entries[place].id, self.entries[last].id);
        if let Ok(entry) = self
            .index
            .find_entry(hash(&gone), |number| *number as usize == place)
        {
            let (number, _) = entry.remove();
            if let Some(of_last) = self
                .index
                .find_mut(hash(&moved), |number| *number as usize == last)
            {
                *of_last = number;
            }
        }
        self.bytes -= self.entries.swap_remove(place).held.bytes();
        if self.entries.len() < self.entries.capacity() / 2 {
            self.entries.shrink_to(16 + self.entries.len());
            let entries = &self.entries;
            self.index
                .shrink_to(entries.len(), |number| hash(&entries[*number as usize].id));
        }
    }

    fn place(&self, id: &RecordId) -> Option<usize> {
        self.index
            .find(hash(id), |number| self.entries[*number as usize].id == *id)
            .map(|number| *number as usize)
    }
}

/// The id is a digest: any of its bytes are a hash. The first two chose the
/// shard.
fn hash(id: &RecordId) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&id.as_bytes()[8..16]);
    u64::from_le_bytes(bytes)
}
