//! The bounds of the store as a whole and of each scope (invariant 12).

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::PoisonError;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use super::sync::{AtomicUsize, Mutex, MutexGuard};
use crate::record::ScopeDigest;
use crate::store::StoreError;

/// What a client that met a bound is asked to wait: long enough not to be a
/// loop, short against any ttl.
const RETRY_AFTER: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Bounds {
    pub(super) records: AtomicUsize,
    pub(super) bytes: AtomicUsize,
    max_records: usize,
    max_bytes: usize,
}

impl Bounds {
    pub(super) fn new(max_records: usize, max_bytes: usize) -> Self {
        Self {
            records: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            max_records,
            max_bytes,
        }
    }

    /// Takes the place of one more record.
    pub(super) fn enter(&self) -> Result<(), StoreError> {
        let full = StoreError::Full {
            retry_after: RETRY_AFTER,
        };
        if self.bytes.load(Relaxed) >= self.max_bytes {
            return Err(full);
        }
        if self.records.fetch_add(1, Relaxed) >= self.max_records {
            self.records.fetch_sub(1, Relaxed);
            return Err(full);
        }
        Ok(())
    }

    /// Gives the place of a record with this many bytes of answer back.
    pub(super) fn leave(&self, bytes: usize) {
        self.records.fetch_sub(1, Relaxed);
        self.bytes.fetch_sub(bytes, Relaxed);
    }
}

/// Half of a scope's digest: what a record remembers of its scope. Two scopes
/// that shared it would share a quota, nothing else.
pub(super) type ScopeTag = u64;

#[derive(Debug)]
pub(super) struct Quotas {
    default: u64,
    shards: [Mutex<HashMap<ScopeTag, u64>>; 16],
}

impl Quotas {
    pub(super) fn new(default: u64) -> Self {
        Self {
            default,
            shards: Default::default(),
        }
    }

    pub(super) fn tag(scope: &ScopeDigest) -> ScopeTag {
        let mut half = [0; 8];
        half.copy_from_slice(&scope.as_bytes()[..8]);
        ScopeTag::from_le_bytes(half)
    }

    /// Takes the place of one more key of the scope.
    pub(super) fn enter(&self, scope: ScopeTag, quota: Option<u64>) -> Result<(), StoreError> {
        let quota = quota.unwrap_or(self.default);
        let mut counts = self.shard(scope);
        let count = counts.entry(scope).or_default();
        if *count >= quota {
            return Err(StoreError::QuotaExceeded {
                quota,
                retry_after: RETRY_AFTER,
            });
        }
        *count += 1;
        Ok(())
    }

    /// Gives the place of a key of the scope back.
    pub(super) fn leave(&self, scope: ScopeTag) {
        if let Entry::Occupied(mut count) = self.shard(scope).entry(scope) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }

    fn shard(&self, scope: ScopeTag) -> MutexGuard<'_, HashMap<ScopeTag, u64>> {
        #[allow(clippy::cast_possible_truncation)] // the remainder is below 16
        let index = (scope % 16) as usize;
        self.shards[index]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
