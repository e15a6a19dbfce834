//! The duplicates that wait in this process, one room for each record: a
//! thousand of them cost the server as many commands as one (invariant 12).

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// All rooms, by the record's key, which is its channel's name too.
#[derive(Default)]
pub(super) struct Rooms(Mutex<HashMap<Box<[u8]>, Occupied>>);

struct Occupied {
    room: Arc<Room>,
    members: usize,
}

/// Those who wait for one record.
#[derive(Default)]
pub(super) struct Room {
    /// Told when the record may have stopped running.
    pub(super) freed: Notify,
    /// Held by the one member that asks the server for all of them.
    pub(super) turn: tokio::sync::Mutex<()>,
    /// Whether the channel was subscribed to.
    pub(super) listening: AtomicBool,
}

impl Rooms {
    /// Enters the room of a record.
    pub(super) fn join(&self, key: &[u8]) -> Arc<Room> {
        let mut rooms = self.lock();
        if let Some(occupied) = rooms.get_mut(key) {
            occupied.members += 1;
            return Arc::clone(&occupied.room);
        }
        let room = Arc::<Room>::default();
        let occupied = Occupied {
            room: Arc::clone(&room),
            members: 1,
        };
        rooms.insert(key.into(), occupied);
        room
    }

    /// Leaves it; whether that was the last member.
    pub(super) fn leave(&self, key: &[u8]) -> bool {
        let mut rooms = self.lock();
        let Some(occupied) = rooms.get_mut(key) else {
            return false;
        };
        occupied.members -= 1;
        let last = occupied.members == 0;
        if last {
            rooms.remove(key);
        }
        last
    }

    /// Whether anybody waits for the record.
    pub(super) fn is_occupied(&self, key: &[u8]) -> bool {
        self.lock().contains_key(key)
    }

    /// Wakes those who wait for the record.
    pub(super) fn announce(&self, key: &[u8]) {
        if let Some(occupied) = self.lock().get(key) {
            occupied.room.freed.notify_waiters();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Box<[u8]>, Occupied>> {
        // Nothing panics under the lock but the allocator, before a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_to_leave_closes_the_room() {
        let rooms = Rooms::default();
        let first = rooms.join(b"a");
        assert!(Arc::ptr_eq(&first, &rooms.join(b"a")));
        rooms.join(b"b");
        assert!(!rooms.leave(b"a"));
        assert!(rooms.leave(b"a"));
        assert!(!rooms.is_occupied(b"a"));
        assert!(rooms.is_occupied(b"b"));
    }
}
