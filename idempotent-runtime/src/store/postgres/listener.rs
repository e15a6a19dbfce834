//! One connection of a process that listens. While it is lost, waiters look
//! more often; when it is back, they look at once, as notifications were lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool, PgPoolOptions};
use tokio::task::AbortHandle;

use super::CHANNEL;
use super::waiting::Waiting;
use crate::record::RecordId;

/// The pauses between attempts to connect: the first and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// Listens until it is dropped.
pub(super) struct Listener {
    hears: Arc<AtomicBool>,
    task: AbortHandle,
}

impl Listener {
    pub(super) fn start(waiting: &Arc<Waiting>, pool: &PgPool) -> Self {
        let hears = Arc::new(AtomicBool::new(false));
        let ear = Ear {
            waiting: Arc::clone(waiting),
            hears: Arc::clone(&hears),
            // A connection apart: the pool's are for verbs, and a pool of one
            // would have none left.
            pool: PgPoolOptions::new()
                .max_connections(1)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .connect_lazy_with(pool.connect_options().as_ref().clone()),
        };
        let task = tokio::spawn(ear.run()).abort_handle();
        Self { hears, task }
    }

    /// Whether notifications arrive at present.
    pub(super) fn hears(&self) -> bool {
        self.hears.load(Ordering::Acquire)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Ear {
    waiting: Arc<Waiting>,
    hears: Arc<AtomicBool>,
    pool: PgPool,
}

impl Ear {
    async fn run(self) {
        let mut pause = PAUSES.0;
        loop {
            if self.listen().await.is_ok() {
                pause = PAUSES.0;
            }
            if self.hears.swap(false, Ordering::AcqRel) {
                self.waiting.look_at_all();
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Returns when the connection is lost.
    async fn listen(&self) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        self.hears.store(true, Ordering::Release);
        self.waiting.look_at_all();
        while let Ok(Some(notification)) = listener.try_recv().await {
            if let Some(id) = parse(notification.payload()) {
                self.waiting.ended(&id);
            }
        }
        Ok(())
    }
}

/// An id from its hex; other payloads are not ours.
fn parse(payload: &str) -> Option<RecordId> {
    let mut id = [0; RecordId::BYTES];
    if payload.len() != 2 * RecordId::BYTES || !payload.is_ascii() {
        return None;
    }
    for (byte, at) in id.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(payload.get(at..at + 2)?, 16).ok()?;
    }
    Some(RecordId::from_bytes(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_from_what_the_courier_sends() {
        let id = RecordId::from_bytes(std::array::from_fn(|n| u8::try_from(n * 7).unwrap()));
        assert_eq!(parse(&id.to_string()), Some(id));
        for wrong in ["", "ab", &"g".repeat(64), &"é".repeat(32), &"0".repeat(66)] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
