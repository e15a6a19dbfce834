//! One run of a body, as the body sees it.

mod child_key;
mod effects;
mod late;
mod recording;
mod step_error;
mod steps;

pub(crate) use self::late::Late;
pub use self::late::LateTransaction;

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, OnceLock};

use tokio::sync::Notify;

use self::recording::Recording;
pub use self::step_error::StepError;
use crate::engine::Recorder;
use crate::key::Key;
use crate::lease::Fence;
use crate::outcome::{Claimed, Previous};
use crate::record::RecordId;

tokio::task_local! {
    /// The attempt of the function-mode body that this task runs.
    pub(crate) static CURRENT: Attempt;
}

/// One run of an idempotent body.
///
/// A plain function asks for it by [`Attempt::current`]; an axum handler
/// takes it as an extractor. A handler that was called without a key
/// (`required = false`) has an unprotected attempt.
///
/// ```
/// use idempotent_runtime::Attempt;
///
/// async fn ship(order: u64) {
///     if let Some(attempt) = Attempt::current() {
///         // A warehouse that remembers the highest fence refuses a paused
///         // attempt's late write.
///         let fence = attempt.fence().get();
///         println!("shipping {order} under fence {fence}");
///     }
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Attempt(Arc<Slot>);

/// What is known of an attempt; filled when it is.
#[derive(Debug, Default)]
struct Slot {
    state: OnceLock<State>,
    late: late::Place,
    effects: effects::Effects,
    #[cfg(feature = "axum")]
    key: OnceLock<Key>,
}

#[derive(Debug)]
struct State {
    id: RecordId,
    claimed: Claimed,
    lost: AtomicBool,
    ended: AtomicBool,
    /// Its `recover` function did not know what happened before.
    unknown: AtomicBool,
    /// Its caller has left before the answer.
    unseen: AtomicBool,
    told: Notify,
    secret: Option<Arc<[u8; 32]>>,
    /// None where nothing can be recorded before the end.
    recording: Option<Recording>,
}

impl Attempt {
    /// Gives an attempt, that an extractor may have handed out before the
    /// claim, its claim; `secret` is the fleet's, and the recorder is there
    /// where a part of it can be recorded before its end.
    pub(crate) fn start(
        &self,
        id: RecordId,
        claimed: Claimed,
        secret: Option<Arc<[u8; 32]>>,
        recorder: Option<Recorder>,
    ) {
        // A handler's attempt begins once: its call has one run.
        let _ = self.0.state.set(State {
            id,
            claimed,
            lost: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            unknown: AtomicBool::new(false),
            unseen: AtomicBool::new(false),
            told: Notify::new(),
            secret,
            recording: recorder.map(Recording::new),
        });
    }

    /// The key of its call, for the extractor of it.
    #[cfg(feature = "axum")]
    pub(crate) fn key(&self) -> Option<&Key> {
        self.0.key.get()
    }

    #[cfg(feature = "axum")]
    pub(crate) fn keep_key(&self, key: Key) {
        // A request has one guard, which fills it once.
        let _ = self.0.key.set(key);
    }

    /// The attempt of the idempotent function whose body this is; `None`
    /// elsewhere, and in tasks that the body spawned.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// Whether the call has a key, and so a record.
    pub fn is_protected(&self) -> bool {
        self.0.state.get().is_some()
    }

    /// The fencing token: higher than every earlier attempt's of this record.
    /// Zero without a record, so that a downstream that compares refuses it.
    pub fn fence(&self) -> Fence {
        self.0
            .state
            .get()
            .map_or(Fence::new(0), |state| state.claimed.fence)
    }

    /// What became of the attempt before; [`Previous::None`] for a first one.
    pub fn previous(&self) -> Previous {
        self.0
            .state
            .get()
            .map_or(Previous::None, |state| state.claimed.previous)
    }

    /// The record's identity, as the logs name it.
    pub fn record_id(&self) -> Option<RecordId> {
        self.0.state.get().map(|state| state.id)
    }

    /// The key to send to a downstream service with this call of it, such as
    /// a payment provider's `Idempotency-Key`: the same in every attempt of
    /// this record, so that the provider recognises a rerun, and another one
    /// for each `name` and each record. A UUID (version 8) in form. It tells
    /// nothing of the record's own key; who knows the record's id can make it,
    /// unless the fleet has a [secret](crate::IdempotencyBuilder::secret).
    ///
    /// `None` without a record: then nothing is known of an earlier attempt,
    /// and the downstream call is as unprotected as this one.
    ///
    /// ```
    /// # async fn charge(key: Option<idempotent_runtime::Key>) {}
    /// # async fn body(attempt: idempotent_runtime::Attempt) {
    /// charge(attempt.child_key("charge")).await;
    /// # }
    /// ```
    ///
    /// A name is for one effect: two charges in one body need two names, such
    /// as `"charge"` and `"charge-fee"`. Renaming one, changing the fleet's
    /// secret, or renaming the operation makes other keys.
    pub fn child_key(&self, name: &str) -> Option<Key> {
        let state = self.0.state.get()?;
        Some(child_key::of(state.secret.as_deref(), &state.id, name))
    }

    /// Whether the lease is known to be lost, or could not be renewed in its
    /// time: another attempt may run.
    pub fn is_lost(&self) -> bool {
        self.0
            .state
            .get()
            .is_some_and(|state| state.lost.load(SeqCst))
    }

    /// Waits until the lease is lost. A long body races its work against it,
    /// and stops before it does harm:
    ///
    /// ```
    /// # async fn work() {}
    /// # async fn body(attempt: idempotent_runtime::Attempt) {
    /// tokio::select! {
    ///     () = work() => {}
    ///     () = attempt.lost() => { /* stop: another attempt may run */ }
    /// }
    /// # }
    /// ```
    pub async fn lost(&self) {
        let Some(state) = self.0.state.get() else {
            return std::future::pending().await;
        };
        let told = state.told.notified();
        tokio::pin!(told);
        told.as_mut().enable();
        if !self.is_lost() {
            told.await;
        }
    }

    /// The body has ended: a lease lost from now on is none of its concern.
    pub(crate) fn end(&self) {
        if let Some(state) = self.0.state.get() {
            state.ended.store(true, SeqCst);
        }
    }

    /// Its caller has left: nobody sees its answer.
    pub(crate) fn mark_unseen(&self) {
        if let Some(state) = self.0.state.get() {
            state.unseen.store(true, SeqCst);
        }
    }

    pub(crate) fn is_unseen(&self) -> bool {
        let state = self.0.state.get();
        state.is_some_and(|state| state.unseen.load(SeqCst))
    }

    /// Nobody knows what happened before: this attempt has no answer.
    pub(crate) fn mark_unknown(&self) {
        if let Some(state) = self.0.state.get() {
            state.unknown.store(true, SeqCst);
        }
    }

    pub(crate) fn is_unknown(&self) -> bool {
        self.0
            .state
            .get()
            .is_some_and(|state| state.unknown.load(SeqCst))
    }

    /// Tells the body; whether it was not told before.
    pub(crate) fn mark_lost(&self) -> bool {
        let Some(state) = self.0.state.get().filter(|state| !state.ended.load(SeqCst)) else {
            return false;
        };
        let first = !state.lost.swap(true, SeqCst);
        state.told.notify_waiters();
        first
    }
}
