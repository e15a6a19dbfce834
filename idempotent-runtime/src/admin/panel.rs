//! What the pages of one router share.

use std::fmt;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::events;
use super::rates::Rates;
use super::store_health::StoreHealth;
use super::token::Tokens;
use crate::idempotency::Idempotency;

/// What was decided when the router was made.
pub(super) struct Options {
    pub(super) idempotency: Idempotency,
    pub(super) actions: bool,
    pub(super) trace_link: Option<String>,
    pub(super) without_auth: Option<String>,
}

pub(super) struct Panel {
    pub(super) options: Options,
    pub(super) made: Instant,
    pub(super) rates: Arc<Rates>,
    pub(super) store: StoreHealth,
    pub(super) tokens: Tokens,
    /// Places of live streams.
    pub(super) streams: Arc<Semaphore>,
}

impl Options {
    pub(super) fn new(idempotency: &Idempotency) -> Self {
        Self {
            idempotency: idempotency.clone(),
            actions: false,
            trace_link: None,
            without_auth: None,
        }
    }
}

impl Panel {
    pub(super) fn new(options: Options) -> Self {
        Self {
            made: Instant::now(),
            rates: Arc::new(Rates::new(&options.idempotency)),
            store: StoreHealth::default(),
            tokens: Tokens::new(options.idempotency.engine.settings.secret.as_ref()),
            streams: Arc::new(Semaphore::new(events::MOST)),
            options,
        }
    }

    pub(super) fn idempotency(&self) -> &Idempotency {
        &self.options.idempotency
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("actions", &self.actions)
            .field("trace_link", &self.trace_link)
            .finish_non_exhaustive()
    }
}
