//! The handle that a service keeps: a store, its bounds, and what runs.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::Engine;
use crate::key::Key;
use crate::lease::{Lease, Ttl};
use crate::record::{RecordId, RecordView};
use crate::scope::Scope;
use crate::settings::Settings;
use crate::store::memory::MemoryStore;
use crate::store::{Cached, Store, StoreError};

/// Idempotency over a [`Store`]: put one into your router's state, clone it
/// freely, and annotate handlers with
/// [`#[idempotent]`](crate::idempotent).
///
/// ```
/// use idempotent_runtime::{Idempotency, MemoryStore};
/// use std::time::Duration;
///
/// let simple = Idempotency::in_memory();
///
/// let tuned = Idempotency::builder(MemoryStore::new())
///     .ttl(Duration::from_secs(48 * 3600))
///     .lease(Duration::from_secs(60))
///     .max_in_flight(4_096)
///     .problem_base("https://api.example.com/problems/")
///     .build()?;
/// # Ok::<(), idempotent_runtime::DurationOutOfRange>(())
/// ```
#[derive(Clone)]
pub struct Idempotency {
    pub(crate) engine: Arc<Engine>,
}

impl Idempotency {
    /// Records in this process: lost at its end, not shared with others.
    pub fn in_memory() -> Self {
        Self::new(MemoryStore::new())
    }

    /// Idempotency over `store` with the default bounds.
    pub fn new(store: impl Store) -> Self {
        Self::over(Arc::new(store))
    }

    pub(crate) fn over(store: Arc<dyn Store>) -> Self {
        Self {
            engine: Engine::new(store, Settings::default()),
        }
    }

    /// Idempotency over `store` with bounds of your own.
    pub fn builder(store: impl Store) -> IdempotencyBuilder {
        Self::builder_over(Arc::new(store))
    }

    /// The same over a store that is shared.
    pub(crate) fn builder_over(store: Arc<dyn Store>) -> IdempotencyBuilder {
        IdempotencyBuilder {
            store,
            near_cache: 0,
            settings: Settings::default(),
            ttl: Ttl::DEFAULT.duration(),
            lease: Lease::DEFAULT.duration(),
        }
    }

    /// The record's identity of a key, as logs and operators' tools show it.
    pub fn record_id(&self, operation: &str, scope: &Scope, key: &Key) -> RecordId {
        RecordId::of(
            self.engine.settings.secret.as_deref(),
            operation,
            scope,
            key,
        )
    }

    /// What an operator may see of a record.
    pub async fn inspect(&self, id: &RecordId) -> Result<Option<RecordView>, StoreError> {
        let inspect = self.engine.store.inspect(id);
        self.engine.within_timeout("inspect", inspect).await
    }

    /// The store, for its optional verbs (sweep, expire, forget).
    pub fn store(&self) -> &dyn Store {
        &*self.engine.store
    }

    /// What the detectors of this process found since it started, worst first;
    /// at most 256, the latest. See [monitoring](crate::docs::monitoring).
    pub fn findings(&self) -> Vec<crate::findings::Finding> {
        self.engine.telemetry.findings()
    }

    /// How many attempts run in this process, those whose client left included.
    pub fn in_flight(&self) -> usize {
        self.engine.flight.count()
    }

    /// Stops the sweeper and the counting, refuses new attempts and waits for the running ones, at most
    /// `timeout`; returns how many are left. Call it after the server has
    /// stopped, before the runtime ends: an attempt whose client has left
    /// goes on by itself.
    ///
    /// ```
    /// # use idempotent_runtime::Idempotency;
    /// # use std::time::Duration;
    /// # async fn stop(idempotency: Idempotency) {
    /// let left = idempotency.shutdown(Duration::from_secs(5)).await;
    /// if left > 0 {
    ///     eprintln!("{left} attempts are cut off; their leases will run out");
    /// }
    /// # }
    /// ```
    pub async fn shutdown(&self, timeout: Duration) -> usize {
        self.engine.sweeps.stop();
        self.engine.flight.drain(timeout).await
    }
}

impl fmt::Debug for Idempotency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Idempotency")
            .field("in_flight", &self.in_flight())
            .finish_non_exhaustive()
    }
}

/// Bounds and defaults of an [`Idempotency`].
pub struct IdempotencyBuilder {
    store: Arc<dyn Store>,
    near_cache: usize,
    pub(crate) settings: Settings,
    ttl: Duration,
    lease: Duration,
}

impl IdempotencyBuilder {
    /// For how long answers are replayed where an operation says nothing;
    /// 24 hours by default.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = ttl;
        self
    }

    /// For how long a claim holds without a sign of life where an operation
    /// says nothing; 30 seconds by default. Renewed at a third of it.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// The most attempts that run in this process at once; beyond it calls
    /// get 503. 1,024 by default.
    pub fn max_in_flight(mut self, attempts: usize) -> Self {
        self.settings.max_in_flight = attempts;
        self
    }

    /// The most duplicates that wait in this process at once; beyond it they
    /// get 503. 10,000 by default.
    pub fn max_waiting(mut self, duplicates: usize) -> Self {
        self.settings.max_waiting = duplicates;
        self
    }

    /// The largest answer that is stored, in bytes; a larger one reaches its
    /// caller and leaves a tombstone. 1 MiB by default.
    pub fn max_answer_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_answer_bytes = bytes;
        self
    }

    /// The most steps of one record; a further one is an error before its
    /// effect. 64 by default.
    pub fn max_steps(mut self, steps: usize) -> Self {
        self.settings.steps.count = steps;
        self
    }

    /// The most bytes of all results of one record's steps; what goes beyond
    /// reaches the body and leaves a tombstone. 256 KiB by default.
    pub fn max_step_bytes(mut self, bytes: usize) -> Self {
        self.settings.steps.bytes = bytes;
        self
    }

    /// The most live keys of one scope, where the store counts them (the
    /// memory store does); beyond it calls get 429.
    pub fn quota_per_scope(mut self, keys: u64) -> Self {
        self.settings.quota = Some(keys);
        self
    }

    /// A secret that the fleet shares: record ids are keyed with it, so that
    /// nobody who reads the store can test guesses of keys.
    pub fn secret(mut self, secret: [u8; 32]) -> Self {
        self.settings.secret = Some(Arc::new(secret));
        self
    }

    /// Keeps finished answers in this process's memory too, in about this
    /// many bytes, so that a replay costs no trip to the store: see
    /// [`Cached`]. Off by default.
    pub fn near_cache(mut self, bytes: usize) -> Self {
        self.near_cache = bytes;
        self
    }

    /// This process's name in the lists of what runs.
    pub fn owner(mut self, name: impl Into<String>) -> Self {
        self.settings.owner = name.into();
        self
    }

    /// For how long one verb of the store may take before it counts as
    /// unavailable; 5 seconds by default.
    pub fn store_timeout(mut self, timeout: Duration) -> Self {
        self.settings.store_timeout = timeout;
        self
    }

    /// Problem documents get a `type` of this base and their code, and a
    /// `Link: rel="describedby"` to it.
    pub fn problem_base(mut self, base: impl Into<String>) -> Self {
        self.settings.problem_base = Some(base.into());
        self
    }

    /// Stores and replays this response header although it is one of those
    /// that are left out (`Set-Cookie`, `Access-Control-*`).
    #[cfg(feature = "axum")]
    pub fn replay_header(mut self, name: http::HeaderName) -> Self {
        self.settings.replayed_headers.push(name);
        self
    }

    /// The handle; an error where the ttl or lease is out of its range.
    pub fn build(mut self) -> Result<Idempotency, crate::DurationOutOfRange> {
        self.settings.ttl = Ttl::new(self.ttl)?;
        self.settings.lease = Lease::new(self.lease)?;
        let store = match self.near_cache {
            0 => self.store,
            bytes => Arc::new(Cached::over(self.store, bytes)),
        };
        Ok(Idempotency {
            engine: Engine::new(store, self.settings),
        })
    }
}

impl fmt::Debug for IdempotencyBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdempotencyBuilder").finish_non_exhaustive()
    }
}
