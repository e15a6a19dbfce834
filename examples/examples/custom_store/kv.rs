//! Somebody's database: values by key, each with a version, a compare-and-swap,
//! and a clock of its own. `DynamoDB`, etcd, `FoundationDB` and many others can
//! do as much; this one lies in memory so that the example needs no server.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use idempotent_runtime::record::{Record, RecordId, StoreTime};
use tokio::time::Instant;

/// A value's version; 0 where there is none.
pub(crate) type Version = u64;

pub(crate) struct Kv {
    values: Mutex<HashMap<RecordId, (Version, Record)>>,
    started: (StoreTime, Instant),
}

impl Kv {
    #[allow(clippy::disallowed_methods)] // a database's clock starts somewhere
    pub(crate) fn new() -> Self {
        let epoch = SystemTime::now().duration_since(UNIX_EPOCH);
        let micros = epoch.map_or(0, |epoch| epoch.as_micros());
        Self {
            values: Mutex::default(),
            started: (u64::try_from(micros).unwrap_or(0), Instant::now()),
        }
    }

    /// The value with its version, and the database's time.
    pub(crate) async fn get(&self, id: &RecordId) -> (Version, Option<Record>, StoreTime) {
        round_trip().await;
        let (epoch, since) = self.started;
        let now = epoch + u64::try_from(since.elapsed().as_micros()).unwrap_or(0);
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        match values.get(id) {
            Some((version, record)) => (*version, Some(record.clone()), now),
            None => (0, None, now),
        }
    }

    /// Puts the value if it still has this version; whether it did.
    pub(crate) async fn swap(&self, id: &RecordId, expected: Version, record: Record) -> bool {
        round_trip().await;
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        match values.entry(*id) {
            Entry::Vacant(place) if expected == 0 => {
                place.insert((1, record));
                true
            }
            Entry::Occupied(mut place) if place.get().0 == expected => {
                place.insert((expected + 1, record));
                true
            }
            _ => false,
        }
    }
}

/// Others come between a read and a write, as on a network.
async fn round_trip() {
    tokio::task::yield_now().await;
}
