//! A store that fails like a network does, by a seed: to test that a service
//! of yours keeps its word when its store does not answer.

mod fate;
mod verbs;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::sleep;

use self::fate::Fates;
pub use self::fate::{Fault, FaultCounts, Verb};
use crate::record::RecordId;
use crate::store::{Store, StoreError, StoreFuture};

/// A [`Store`] round another one that refuses, loses acknowledgements,
/// dawdles and reorders.
///
/// What happens to a call depends on the seed, the verb, the record and how
/// often the verb was called for that record: the same seed is the same
/// test, whatever runs at the same time. Records are told apart by
/// operation, scope and key, so use fixed keys.
///
/// ```
/// use idempotent_runtime::conformance::{Fault, FaultyStore, Verb};
/// use idempotent_runtime::{Error, Idempotency, MemoryStore, idempotent};
/// use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
///
/// static CHARGED: AtomicU32 = AtomicU32::new(0);
///
/// #[idempotent(store = idempotency, key = order)]
/// async fn charge(idempotency: &Idempotency, order: &str) -> Result<u32, Error> {
///     Ok(CHARGED.fetch_add(1, SeqCst) + 1)
/// }
///
/// #[tokio::main(flavor = "current_thread", start_paused = true)]
/// async fn main() {
///     let store = FaultyStore::new(MemoryStore::new(), 42)
///         .rate(Fault::AckLost, 0.3)
///         .rate_of(Verb::Claim, Fault::Refused, 0.3);
///     let idempotency = Idempotency::new(store.clone());
///     store.next(Verb::Complete, Fault::AckLost);
///
///     let answer = loop {
///         match charge(&idempotency, "order-1001").await {
///             Ok(answer) => break answer,
///             Err(error) => match error.retry_after() {
///                 Some(pause) => tokio::time::sleep(pause).await,
///                 None => panic!("{error}"),
///             },
///         }
///     };
///     assert_eq!((answer, CHARGED.load(SeqCst)), (1, 1));
///     assert!(store.counts().of(Fault::AckLost) > 0);
/// }
/// ```
#[derive(Clone)]
pub struct FaultyStore {
    inner: Arc<dyn Store>,
    fates: Arc<Mutex<Fates>>,
}

impl FaultyStore {
    /// A wrapper of `store` that does nothing wrong yet.
    pub fn new(store: impl Store, seed: u64) -> Self {
        Self {
            inner: Arc::new(store),
            fates: Arc::new(Mutex::new(Fates::new(seed))),
        }
    }

    /// How often `fault` happens, in every verb: 0 never, 1 always. Where the
    /// rates of a verb's faults exceed 1 together, the later ones give way.
    pub fn rate(self, fault: Fault, rate: f64) -> Self {
        for verb in Verb::ALL {
            self.fates().set_rate(verb, fault, rate);
        }
        self
    }

    /// How often `fault` happens in one verb.
    pub fn rate_of(self, verb: Verb, fault: Fault, rate: f64) -> Self {
        self.fates().set_rate(verb, fault, rate);
        self
    }

    /// The longest pause of [`Fault::Slow`] and [`Fault::Late`]; 100 ms by
    /// default.
    pub fn longest_pause(self, pause: Duration) -> Self {
        self.fates().longest_pause = pause;
        self
    }

    /// The next call of `verb` that has no other fault before it in this list
    /// meets `fault`, whatever the rates say.
    pub fn next(&self, verb: Verb, fault: Fault) {
        self.fates().script(verb, fault);
    }

    /// From now on every call is refused, until [`FaultyStore::heal`].
    pub fn cut_off(&self) {
        self.fates().cut_off = true;
    }

    /// From now on nothing goes wrong: rates, lists and the cut are gone.
    pub fn heal(&self) {
        self.fates().heal();
    }

    /// How often each fault happened.
    pub fn counts(&self) -> FaultCounts {
        self.fates().counts
    }

    fn fates(&self) -> MutexGuard<'_, Fates> {
        self.fates.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `call`, as the fate of this call has it.
    fn faulted<'a, T, F>(
        &'a self,
        verb: Verb,
        id: &RecordId,
        call: impl FnOnce(Arc<dyn Store>) -> F + Send + 'static,
    ) -> StoreFuture<'a, T>
    where
        T: Send + 'a,
        F: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let fate = self.fates().draw(verb, id);
        let store = Arc::clone(&self.inner);
        let Some((fault, pause)) = fate else {
            return StoreFuture::new(call(store));
        };
        let lost = StoreError::unavailable(verb.name(), format!("{fault:?}, as FaultyStore drew"));
        StoreFuture::new(async move {
            match fault {
                Fault::Refused => {}
                Fault::AckLost => drop(call(store).await?),
                Fault::Slow => {
                    sleep(pause / 2).await;
                    let answer = call(store).await;
                    sleep(pause / 2).await;
                    return answer;
                }
                Fault::Late => {
                    // Apart from the caller, who has given up by then.
                    tokio::spawn(async move {
                        sleep(pause).await;
                        let _ = call(store).await;
                    });
                }
            }
            Err(lost)
        })
    }
}

impl fmt::Debug for FaultyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultyStore")
            .field("counts", &self.counts())
            .finish_non_exhaustive()
    }
}
