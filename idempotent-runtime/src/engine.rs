//! One call, from its claim to its answer: the only place that speaks to a
//! store on a call's behalf. It keeps invariants 8, 9, 10 and 12, and turns
//! the store's verdicts into runs, replays and errors.

mod begin;
mod call;
mod detach;
mod doubt;
mod finish;
mod flight;
mod heartbeat;
mod run;
mod waiters;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

pub(crate) use self::begin::Begin;
pub(crate) use self::call::Call;
pub(crate) use self::detach::ContinueOnDrop;
pub(crate) use self::finish::Finished;
pub(crate) use self::run::Run;

use self::flight::Flight;
use self::heartbeat::Heartbeats;
use self::waiters::Waiters;
use crate::settings::Settings;
use crate::store::{Store, StoreError, StoreFuture};
use crate::sweeper::Sweeps;

pub(crate) struct Engine {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) settings: Settings,
    pub(crate) flight: Flight,
    pub(crate) sweeps: Sweeps,
    heartbeats: Heartbeats,
    waiters: Waiters,
    /// Bounds how many claims of unknown outcome are looked after at once.
    doubts: Arc<Semaphore>,
}

impl Engine {
    pub(crate) fn new(store: Arc<dyn Store>, settings: Settings) -> Arc<Self> {
        Arc::new(Self {
            store,
            flight: Flight::new(settings.max_in_flight),
            waiters: Waiters::new(settings.max_waiting),
            sweeps: Sweeps::default(),
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
        within(self.settings.store_timeout, verb, answer).await
    }
}

/// A verb's answer; without one in time the store counts as unavailable.
async fn within<T>(
    timeout: Duration,
    verb: &'static str,
    answer: StoreFuture<'_, T>,
) -> Result<T, StoreError> {
    let answer = match answer.into_ready() {
        Ok(answer) => answer,
        Err(pending) => tokio::time::timeout(timeout, pending)
            .await
            .unwrap_or_else(|_| {
                let late = format!("no answer within {timeout:?}");
                Err(StoreError::unavailable(verb, late))
            }),
    };
    if let Err(error) = &answer {
        crate::telemetry::store_failed(verb, error);
    }
    answer
}
