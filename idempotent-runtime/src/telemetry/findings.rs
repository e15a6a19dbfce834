//! What the detectors found: a short list in this process, worst first, for
//! whoever asks [`Idempotency::findings`](crate::Idempotency::findings).
//!
//! ```
//! use idempotent_runtime::Idempotency;
//!
//! # let idempotency = Idempotency::in_memory();
//! for finding in idempotency.findings() {
//!     println!("{} ({} times): {}", finding.place, finding.count, finding.what());
//!     println!("  {} {}", finding.why(), finding.action());
//! }
//! ```

mod list;
mod texts;

use std::time::{Duration, SystemTime};

pub(super) use self::list::List;
pub use self::texts::Text;

use crate::lease::Fence;
use crate::record::RecordId;

/// What a detector found at one place.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Finding {
    /// Which detector's it is.
    pub kind: FindingKind,
    /// The operation, or the method and route.
    pub place: String,
    /// When it was seen first, on this process's wall clock.
    pub first_seen: SystemTime,
    /// When it was seen last.
    pub last_seen: SystemTime,
    /// How often it was seen.
    pub count: u64,
    /// What is known of the last one.
    pub example: Example,
}

/// What the detectors look for, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// A body ran to its end for a record that another attempt finished.
    DuplicateExecution,
    /// A record was gone before its ttl ended.
    ForgottenRecord,
    /// A route without protection answered one request twice, differently.
    UnprotectedRepeat,
    /// A route without protection got an idempotency key.
    UnprotectedKey,
    /// So many keys were used in two scopes that someone seems to try them.
    KeysTried,
    /// An effect happened twice for one record.
    RepeatedEffect,
    /// A key came back after its record had expired.
    LateRetry,
    /// The same request came again under another key.
    SuspectedDuplicate,
    /// A key was used in two scopes.
    CrossScopeKey,
    /// Two runs of a body answered differently.
    ReplayDrift,
    /// An attempt used up its lease, or nearly.
    LeasePressure,
}

/// What is known of one occurrence; never a key, a scope or a payload.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Example {
    /// The record's identity.
    pub record: Option<RecordId>,
    /// The attempt's fence.
    pub fence: Option<Fence>,
    /// How long before this one the other thing was.
    pub ago: Option<Duration>,
    /// The operation's lease.
    pub lease: Option<Duration>,
    /// The part of the lease that went by without a confirmed renewal.
    pub lease_used: Option<f64>,
    /// The operation's ttl.
    pub ttl: Option<Duration>,
    /// The name of the effect.
    pub effect: Option<&'static str>,
}

impl Finding {
    /// What happened.
    pub fn what(&self) -> String {
        texts::fill(self.kind.text().what, &self.place, &self.example)
    }

    /// Why it matters.
    pub fn why(&self) -> &'static str {
        self.kind.text().why
    }

    /// What to do.
    pub fn action(&self) -> String {
        texts::fill(self.kind.text().action, &self.place, &self.example)
    }
}
