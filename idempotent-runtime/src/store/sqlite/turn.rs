//! Whose turn it is to write. SQLite has one writer for a file, and lets the
//! others ask again and again: within a process they queue here instead, first
//! come, first served, whether a transaction of a handler's or the store's own
//! writer.
//!
//! Who waits for its turn holds no connection, so that a pool of one is enough.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::store::StoreError;

/// How long a turn is waited for: less than the engine waits for a verb, so that
/// the error says why.
const AT_MOST: Duration = Duration::from_secs(4);

/// The queue of the process.
pub(super) struct Turns(Arc<Semaphore>);

/// A turn, which ends when it is dropped.
pub(super) type Turn = OwnedSemaphorePermit;

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl Turns {
    /// A turn that is free, and that nobody waits for.
    pub(super) fn at_once(&self) -> Option<Turn> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }

    /// A turn, behind those who came before; none if it did not come in time.
    pub(super) async fn take(&self) -> Option<Turn> {
        let turn = timeout(AT_MOST, Arc::clone(&self.0).acquire_owned()).await;
        // It is never closed.
        turn.ok()?.ok()
    }
}

/// What the caller of `verb` is told, whose turn did not come in time.
pub(super) fn late(verb: &'static str) -> StoreError {
    let why = format!(
        "other transactions of this process have kept the SQLite file's one writer busy for \
         {AT_MOST:?}; keep what a body awaits inside its transaction short"
    );
    StoreError::unavailable(verb, why)
}
