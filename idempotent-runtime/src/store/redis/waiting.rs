//! Waiting until a record stops running: by pub/sub where the store may
//! listen, and by looking at growing distances in any case, as a message may
//! be lost, and a lease that runs out tells nobody.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::RwLock;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::core::Core;
use super::link::Link;
use super::listen::Listener;
use super::rooms::{Room, Rooms};
use crate::record::{RecordId, State};
use crate::store::StoreError;
use crate::store::wait::jittered;

/// The first and the longest pause between two looks: while listening, and
/// without.
const LISTENING: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));
const POLLING: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(250));
/// A server that does not confirm a subscription by then is polled.
const CONFIRMED_WITHIN: Duration = Duration::from_secs(1);
/// A lease ends between two ticks of the clock.
const TICK: Duration = Duration::from_millis(1);

/// Who waits, and how they hear.
pub(super) struct Waiting<L> {
    rooms: Arc<Rooms>,
    listener: Option<L>,
    /// Subscribing is done under a read lock, unsubscribing under a write
    /// lock: so no subscription is undone that a newcomer relies on.
    gate: RwLock<()>,
}

/// A place in a room, until dropped.
struct Member<L: Listener> {
    waiting: Arc<Waiting<L>>,
    key: Vec<u8>,
    room: Arc<Room>,
}

impl<L: Listener> Waiting<L> {
    pub(super) fn new(listener: Option<L>) -> Arc<Self> {
        Arc::new(Self {
            rooms: Arc::default(),
            listener,
            gate: RwLock::default(),
        })
    }

    fn join(self: &Arc<Self>, key: Vec<u8>) -> Member<L> {
        Member {
            room: self.rooms.join(&key),
            waiting: Arc::clone(self),
            key,
        }
    }

    /// Whether the channels may be heard; `None` without a listener.
    pub(super) async fn try_listening(&self, channel: &[u8]) -> Option<redis::RedisResult<()>> {
        let listener = self.listener.as_ref()?;
        let subscribed = listener.subscribe(channel, &self.rooms).await;
        if subscribed.is_ok() {
            // Nobody is told if this fails: the channel is a probe's.
            let _ = listener.unsubscribe(channel, &self.rooms).await;
        }
        Some(subscribed)
    }

    async fn unsubscribe_unless_occupied(&self, key: &[u8]) {
        let _gate = self.gate.write().await;
        if let Some(listener) = &self.listener
            && !self.rooms.is_occupied(key)
        {
            // A message too many is harmless, so a failure is too.
            let _ = listener.unsubscribe(key, &self.rooms).await;
        }
    }
}

impl<L: Link> Core<L> {
    /// Returns when the record may have stopped running, or after `at_most`.
    pub(super) async fn wait(&self, id: &RecordId, at_most: Duration) -> Result<(), StoreError> {
        let deadline = Instant::now() + at_most;
        let member = self.waiting.join(self.prefix.key(id));
        let room = Arc::clone(&member.room);
        let mut freed = pin!(room.freed.notified());
        // From here on no announcement is missed.
        freed.as_mut().enable();
        let mut asked = pin!(self.ask_for_all(&member, id));
        let either = std::future::poll_fn(|cx| match freed.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Ok(())),
            Poll::Pending => asked.as_mut().poll(cx),
        });
        timeout_at(deadline, either).await.unwrap_or(Ok(()))
    }

    /// Takes the turn, then looks until the record has stopped running, and
    /// tells the room.
    async fn ask_for_all(
        &self,
        member: &Member<L::Listener>,
        id: &RecordId,
    ) -> Result<(), StoreError> {
        let _turn = member.room.turn.lock().await;
        let (mut pause, longest) = if member.listen().await {
            LISTENING
        } else {
            POLLING
        };
        loop {
            let view = self.inspect(id).await?;
            let Some(State::Running { remaining }) = view.map(|view| view.state) else {
                member.room.freed.notify_waiters();
                return Ok(());
            };
            sleep(jittered(pause).min(remaining + TICK)).await;
            pause = (pause * 2).min(longest);
        }
    }
}

impl<L: Listener> Member<L> {
    /// Whether the room hears of the attempt's end.
    async fn listen(&self) -> bool {
        let Some(listener) = &self.waiting.listener else {
            return false;
        };
        if self.room.listening.load(Relaxed) {
            return true;
        }
        let subscribed = async {
            let _gate = self.waiting.gate.read().await;
            listener.subscribe(&self.key, &self.waiting.rooms).await
        };
        let listening = matches!(timeout(CONFIRMED_WITHIN, subscribed).await, Ok(Ok(())));
        self.room.listening.store(listening, Relaxed);
        listening
    }
}

impl<L: Listener> Drop for Member<L> {
    fn drop(&mut self) {
        let last = self.waiting.rooms.leave(&self.key);
        if !last || self.waiting.listener.is_none() {
            return;
        }
        // Without a runtime the connection is dead too.
        if let Ok(runtime) = Handle::try_current() {
            let (waiting, key) = (Arc::clone(&self.waiting), std::mem::take(&mut self.key));
            runtime.spawn(async move { waiting.unsubscribe_unless_occupied(&key).await });
        }
    }
}
