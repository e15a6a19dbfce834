//! What operators see: events, a span for each call, metrics, and findings.
//! Never a key, scope, payload, token or header value.

#[cfg(any(feature = "metrics", feature = "admin"))]
mod by_operation;
mod compared;
mod detectors;
mod drift;
mod effects;
pub(crate) mod events;
mod facts;
pub mod findings;
mod labels;
mod limit;
pub(crate) mod links;
#[cfg(feature = "metrics")]
pub mod metrics;
mod oldest;
mod rare;
mod rate;
pub(crate) mod recent;
#[cfg(feature = "axum")]
mod refusals;
#[cfg(feature = "axum")]
mod repeats;
#[cfg(feature = "admin")]
mod tally;
#[cfg(not(feature = "metrics"))]
mod unmetered;
mod verdicts;
mod watch;

use std::sync::Arc;

#[cfg(feature = "metrics")]
use self::metrics as meters;
#[cfg(not(feature = "metrics"))]
use self::unmetered as meters;

pub(crate) use self::compared::Compared;
pub(crate) use self::drift::Drift;
#[cfg(feature = "axum")]
pub(crate) use self::drift::{exact, with_body};
pub(crate) use self::events::{sweeper_idle, sweeper_started, sweeper_stopped};
#[cfg(feature = "axum")]
pub(crate) use self::refusals::Bypass;
#[cfg(feature = "axum")]
pub(crate) use self::repeats::Answered;
#[cfg(feature = "admin")]
pub(crate) use self::tally::{Class, Tally};
pub(crate) use self::watch::Watch;

use self::findings::{Example, Finding, FindingKind, List};
use self::labels::Outcome;
use self::limit::Limit;
use self::meters::{Meters, Moment};
use self::oldest::Oldest;
use self::rate::Rate;
use self::recent::Recent;
use crate::answer::Answer;
use crate::store::{StoreError, StoreKind};

/// The target of every event and span of this crate.
const TARGET: &str = "idempotent";

/// The telemetry of one `Idempotency`.
pub(crate) struct Telemetry {
    pub(crate) meters: Meters,
    limit: Limit,
    findings: List,
    oldest: Oldest,
    /// Of keys in two scopes.
    cross_scope: Rate,
    /// None where nothing is compared.
    recent: Option<Arc<Recent>>,
    drift: Drift,
    /// Empty until a page asks for it.
    #[cfg(feature = "admin")]
    tally: std::sync::OnceLock<Tally>,
}

/// A verb under way, for its time.
pub(crate) struct Sent(Option<Moment>);

impl Telemetry {
    pub(crate) fn new(store: StoreKind, recent: Option<Arc<Recent>>, drift: Drift) -> Self {
        Self {
            meters: Meters::new(store),
            limit: Limit::default(),
            findings: List::default(),
            oldest: Oldest::default(),
            cross_scope: Rate::default(),
            recent,
            drift,
            #[cfg(feature = "admin")]
            tally: std::sync::OnceLock::new(),
        }
    }

    /// A call's outcome is decided.
    fn decided(&self, operation: &'static str, outcome: Outcome) {
        self.meters.decided(operation, outcome);
        #[cfg(feature = "admin")]
        if let Some(tally) = self.tally.get() {
            tally.add(operation, outcome);
        }
    }

    /// What became of the calls from the first time on that this was asked.
    #[cfg(feature = "admin")]
    pub(crate) fn tally(&self) -> &Tally {
        self.tally.get_or_init(Tally::default)
    }

    /// Somebody has seen a finding to: it is gone until it happens again.
    #[cfg(feature = "admin")]
    pub(crate) fn dismiss(&self, kind: FindingKind, place: &str) -> bool {
        self.findings.dismiss(kind, place)
    }

    /// A detector found something.
    fn found(&self, kind: FindingKind, place: &str, example: Example) {
        if let Some(finding) = self.findings.add(kind, place, example) {
            events::found(&finding);
        }
    }

    /// What the detectors found, worst first.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        self.findings.all()
    }

    /// A verb was sent to the store.
    pub(crate) fn sent(&self) -> Sent {
        Sent(self.meters.sent())
    }

    /// A verb has its answer, or none in time.
    pub(crate) fn answered<T>(
        &self,
        verb: &'static str,
        Sent(sent): Sent,
        answer: &Result<T, StoreError>,
    ) {
        self.meters.verb(verb, sent, answer.is_err());
        match answer {
            Ok(_) => events::verb(verb),
            Err(error) => self.store_failed(verb, error),
        }
    }
}

/// The status of an answer that is a response.
fn status(answer: &Answer) -> Option<u16> {
    #[cfg(feature = "axum")]
    return crate::http::shown::status(answer);
    #[cfg(not(feature = "axum"))]
    {
        let _ = answer;
        None
    }
}
