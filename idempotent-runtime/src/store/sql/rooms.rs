//! The duplicates that wait in this process, for databases that cannot tell
//! of an attempt's end. One of a record's waiters asks the database for all of
//! them (invariant 12), and an end in this process needs no asking.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::record::RecordId;
use crate::store::{Store, StoreError, poll_until_free};

/// One room for each record that somebody waits for.
#[derive(Default)]
pub(crate) struct Rooms(Mutex<HashMap<RecordId, Arc<Room>>>);

#[derive(Default)]
struct Room {
    /// Told when the record may have stopped running.
    ended: Notify,
    /// Held by the one who asks.
    turn: tokio::sync::Mutex<()>,
}

impl Rooms {
    /// Waits until the record may have stopped running, or `at_most`.
    pub(crate) async fn wait<S: Store>(
        &self,
        store: &S,
        id: &RecordId,
        at_most: Duration,
    ) -> Result<(), StoreError> {
        let deadline = Instant::now() + at_most;
        let member = self.enter(id);
        let room = &*member.room;
        let mut told = pin!(room.ended.notified());
        let mut asked = pin!(timeout_at(deadline, ask(store, id, room, deadline)));
        // In this order: what ends during a look is not missed.
        poll_fn(|cx| {
            if told.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Ok(()));
            }
            asked.as_mut().poll(cx).map(|asked| asked.unwrap_or(Ok(())))
        })
        .await
    }

    /// The record may have stopped running.
    pub(crate) fn ended(&self, id: &RecordId) {
        if let Some(room) = self.rooms().get(id) {
            room.ended.notify_waiters();
        }
    }

    fn enter(&self, id: &RecordId) -> Member<'_> {
        let room = Arc::clone(self.rooms().entry(*id).or_default());
        Member {
            rooms: self,
            id: *id,
            room,
        }
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<RecordId, Arc<Room>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks as soon as nobody else of the room does.
async fn ask<S: Store>(
    store: &S,
    id: &RecordId,
    room: &Room,
    deadline: Instant,
) -> Result<(), StoreError> {
    let _turn = room.turn.lock().await;
    let left = deadline.saturating_duration_since(Instant::now());
    let asked = poll_until_free(store, id, left).await;
    // At its own deadline it knows nothing that would help the others.
    if asked.is_ok() && Instant::now() < deadline {
        room.ended.notify_waiters();
    }
    asked
}

/// Somebody in a room; the last one to leave closes it.
struct Member<'a> {
    rooms: &'a Rooms,
    id: RecordId,
    room: Arc<Room>,
}

impl Drop for Member<'_> {
    fn drop(&mut self) {
        let mut rooms = self.rooms.rooms();
        // This one's and the map's: nobody else is in it.
        if Arc::strong_count(&self.room) == 2 {
            rooms.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests;
