//! One call, from its claim to its answer: the only place that speaks to a
//! store on a call's behalf. It keeps invariants 8, 9, 10 and 12, and turns
//! the store's verdicts into runs, replays and errors.

mod begin;
mod call;
mod finish;
mod flight;
mod heartbeat;
mod run;
mod waiters;

use std::sync::Arc;

pub(crate) use self::begin::Begin;
pub(crate) use self::call::Call;
pub(crate) use self::finish::Finished;
pub(crate) use self::run::Run;

use self::flight::Flight;
use self::heartbeat::Heartbeats;
use self::waiters::Waiters;
use crate::settings::Settings;
use crate::store::{Store, StoreError, StoreFuture};

pub(crate) struct Engine {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) settings: Settings,
    pub(crate) flight: Flight,
    heartbeats: Heartbeats,
    waiters: Waiters,
}

impl Engine {
    pub(crate) fn new(store: Arc<dyn Store>, settings: Settings) -> Arc<Self> {
        Arc::new(Self {
            store,
            flight: Flight::new(settings.max_in_flight),
            waiters: Waiters::new(settings.max_waiting),
            heartbeats: Heartbeats::default(),
            settings,
        })
    }

    /// A verb's answer within the settings' bound.
    async fn within_timeout<T>(
        &self,
        verb: &'static str,
        answer: StoreFuture<'_, T>,
    ) -> Result<T, StoreError> {
        let pending = match answer.into_ready() {
            Ok(answer) => return answer,
            Err(pending) => pending,
        };
        let timeout = self.settings.store_timeout;
        let answer = tokio::time::timeout(timeout, pending)
            .await
            .unwrap_or_else(|_| {
                Err(StoreError::unavailable(
                    verb,
                    format!("no answer within {timeout:?}"),
                ))
            });
        if let Err(error) = &answer {
            crate::telemetry::store_failed(verb, error);
        }
        answer
    }
}
