//! One call, from its claim to its answer: the only place that speaks to a
//! store on a call's behalf. It keeps invariants 8, 9, 10 and 12, and turns
//! the store's verdicts into runs, replays and errors.

mod begin;
mod call;
mod detach;
mod doubt;
mod fenced;
mod finish;
mod flight;
mod heartbeat;
mod opened;
mod recorder;
mod run;
mod waiters;
#[cfg(feature = "axum")]
mod within;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

pub(crate) use self::begin::{Begin, mint};
pub(crate) use self::call::Call;
pub(crate) use self::detach::ContinueOnDrop;
pub(crate) use self::finish::Finished;
pub(crate) use self::flight::Place as FlightPlace;
#[cfg(feature = "admin")]
pub(crate) use self::heartbeat::InFlight;
pub(crate) use self::opened::{Opened, Pending, Writes};
pub(crate) use self::recorder::{Recorder, StepBounds};
pub(crate) use self::run::Run;
#[cfg(feature = "axum")]
pub(crate) use self::within::{BeginWithin, Ended, Within};

use self::flight::Flight;
use self::heartbeat::Heartbeats;
use self::waiters::Waiters;
#[cfg(feature = "axum")]
use self::within::Listing;
use crate::error::{Error, RETRY_SOON};
use crate::record::RecordId;
use crate::settings::Settings;
use crate::store::{Store, StoreError, StoreFuture};
use crate::sweeper::Sweeps;
use crate::telemetry::Telemetry;
use crate::telemetry::recent::Recent;

pub(crate) struct Engine {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) settings: Settings,
    pub(crate) flight: Flight,
    pub(crate) sweeps: Sweeps,
    pub(crate) telemetry: Arc<Telemetry>,
    heartbeats: Heartbeats,
    waiters: Waiters,
    /// The records that transactions of this process have claimed.
    #[cfg(feature = "axum")]
    listing: Listing,
    /// Bounds how many claims of unknown outcome are looked after at once.
    doubts: Arc<Semaphore>,
}

impl Engine {
    pub(crate) fn new(store: Arc<dyn Store>, mut settings: Settings) -> Arc<Self> {
        settings.recent = Recent::over(store.kind(), settings.detector_slots);
        Arc::new(Self {
            telemetry: Arc::new(Telemetry::new(
                store.kind(),
                settings.recent.clone(),
                settings.drift.clone(),
            )),
            store,
            flight: Flight::new(settings.max_in_flight),
            waiters: Waiters::new(settings.max_waiting),
            sweeps: Sweeps::default(),
            #[cfg(feature = "axum")]
            listing: Listing::default(),
            heartbeats: Heartbeats::default(),
            doubts: Arc::new(Semaphore::new(
                settings.max_in_flight.min(Semaphore::MAX_PERMITS),
            )),
            settings,
        })
    }

    /// A verb's answer within the settings' bound.
    pub(crate) async fn within_timeout<T>(
        &self,
        verb: &'static str,
        answer: StoreFuture<'_, T>,
    ) -> Result<T, StoreError> {
        self.within(self.settings.store_timeout, verb, answer).await
    }

    /// A verb's answer; without one in time the store counts as unavailable.
    pub(crate) async fn within<T>(
        &self,
        timeout: Duration,
        verb: &'static str,
        answer: StoreFuture<'_, T>,
    ) -> Result<T, StoreError> {
        let sent = self.telemetry.sent();
        let answer = match answer.into_ready() {
            Ok(answer) => answer,
            Err(pending) => tokio::time::timeout(timeout, pending)
                .await
                .unwrap_or_else(|_| {
                    let late = format!("no answer within {timeout:?}");
                    Err(StoreError::unavailable(verb, late))
                }),
        };
        self.telemetry.answered(verb, sent, &answer);
        answer
    }

    /// Returns when the record may have stopped running, or after `at_most`.
    async fn wait(&self, id: &RecordId, at_most: Duration) -> Result<(), StoreError> {
        let sent = self.telemetry.sent();
        let wait = tokio::time::timeout(at_most, self.store.wait(id, at_most)).await;
        // Out of time is no failure: whoever waits asks then.
        let waited = wait.unwrap_or(Ok(()));
        self.telemetry.answered("wait", sent, &waited);
        waited
    }
}

/// What a caller is told of a transaction that is gone.
pub(crate) fn failed(source: StoreError) -> Error {
    Error::TransactionFailed {
        retry_after: RETRY_SOON,
        source,
    }
}

impl Engine {
    /// The same of several verbs, as one.
    pub(crate) async fn bounded<T>(
        &self,
        verb: &'static str,
        answer: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        self.within_timeout(verb, StoreFuture::new(answer)).await
    }
}
