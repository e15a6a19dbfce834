//! Whether the store answers, and about how many records it has: asked at
//! most every few seconds, however many look at the page.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::refusal;
use crate::idempotency::Idempotency;
use crate::record::RecordId;
use crate::store::{StoreError, StoreStats};

/// For how long an answer serves all pages.
const FRESH: Duration = Duration::from_secs(5);

/// A page must come while the store does not.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Default)]
pub(super) struct StoreHealth(Mutex<Option<(Instant, Health)>>);

/// What the store last said.
#[derive(Debug, Clone)]
pub(super) struct Health {
    /// How long it took; `None` where it did not answer.
    pub(super) answered_in: Option<Duration>,
    /// `None` where it cannot count.
    pub(super) stats: Option<StoreStats>,
    /// What it said instead.
    pub(super) failure: Option<String>,
}

impl StoreHealth {
    /// The store's last answer, or a new one where that is old.
    pub(super) async fn now(&self, idempotency: &Idempotency) -> Health {
        let mut last = self.0.lock().await;
        if let Some((at, health)) = &*last
            && at.elapsed() < FRESH
        {
            return health.clone();
        }
        let health = Health::ask(idempotency).await;
        *last = Some((Instant::now(), health.clone()));
        health
    }

    /// The next one who asks gets a new answer.
    pub(super) async fn forget(&self) {
        *self.0.lock().await = None;
    }
}

impl Health {
    async fn ask(idempotency: &Idempotency) -> Self {
        let engine = &idempotency.engine;
        let patience = PATIENCE.min(engine.settings.store_timeout);
        let asked = Instant::now();
        let counted = engine.within(patience, "stats", engine.store.stats()).await;
        let answer = match counted {
            // A record that nobody has: any answer is one.
            Err(StoreError::Unsupported { .. }) => {
                let nobody = RecordId::from_bytes([0; RecordId::BYTES]);
                let inspect = engine.store.inspect(&nobody);
                let seen = engine.within(patience, "inspect", inspect).await;
                seen.map(|_| None)
            }
            counted => counted.map(Some),
        };
        match answer {
            Ok(stats) => Self {
                answered_in: Some(asked.elapsed()),
                stats,
                failure: None,
            },
            Err(error) => Self {
                answered_in: None,
                stats: None,
                failure: Some(refusal::sentence(&error)),
            },
        }
    }

    pub(super) fn is_up(&self) -> bool {
        self.failure.is_none()
    }
}
