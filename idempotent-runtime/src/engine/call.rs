//! What one call asks of the engine.

mod key_time;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::attempt::Attempt;
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::key::Key;
use crate::lease::{Lease, Token, Ttl};
use crate::policy::{KeySource, OnConflict, OnInterrupt, Spec};
use crate::record::{RecordId, ScopeDigest, Trace};
use crate::scope::Scope;
use crate::settings::Settings;
use crate::store::Claim;
use crate::telemetry::Compared;

/// A call whose key, scope and fingerprint are known.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) operation: &'static str,
    pub(crate) id: RecordId,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) on_conflict: OnConflict,
    pub(crate) on_interrupt: OnInterrupt,
    pub(crate) lease: Lease,
    pub(crate) ttl: Ttl,
    pub(crate) trace: Option<Trace>,
    /// When its client made the key, where that can be read in it.
    pub(crate) minted: Option<Duration>,
    /// Where the body sees its attempt; an extractor may have it already.
    pub(crate) attempt: Attempt,
    /// The share of its replays behind which its body runs again, in millionths.
    #[cfg_attr(not(feature = "axum"), allow(dead_code))] // only handlers declare it
    pub(crate) rerun_safe_sample: Option<u32>,
    /// What the detectors compare it by.
    pub(crate) compared: Compared,
    scope: ScopeDigest,
}

impl Call {
    /// The call of a key, unless the key is too old to be answered for.
    pub(crate) fn new(
        settings: &Settings,
        spec: &Spec,
        scope: &Scope,
        key: &Key,
        fingerprint: Fingerprint,
    ) -> Result<Self, Error> {
        if let Some(max_key_age) = spec.max_key_age
            && key_time::of_uuid(key).is_some_and(|minted| older_than(minted, max_key_age))
        {
            return Err(Error::KeyTooOld { max_key_age });
        }
        // A key that an expression makes of a thing is as old as the thing.
        let of_client = !matches!(spec.key, KeySource::Expression);
        let minted = || key_time::of_uuid(key).or_else(|| key_time::of_ulid(key));
        // The macro has checked the bounds of what an attribute says.
        let lease = spec
            .lease
            .and_then(|lease| Lease::new(lease).ok())
            .unwrap_or(settings.lease);
        let ttl = spec
            .ttl
            .and_then(|ttl| Ttl::new(ttl).ok())
            .unwrap_or(settings.ttl);
        Ok(Self {
            operation: spec.name,
            id: RecordId::of(settings.secret.as_deref(), spec.name, scope, key),
            fingerprint,
            on_conflict: spec.on_conflict,
            on_interrupt: spec.on_interrupt,
            lease,
            ttl,
            trace: None,
            minted: of_client.then(minted).flatten(),
            attempt: Attempt::default(),
            rerun_safe_sample: spec.rerun_safe_sample,
            compared: Compared::new(settings.recent.as_deref(), spec, scope, key),
            scope: ScopeDigest::of(scope),
        })
    }

    /// A digest of whose key it is.
    pub(crate) fn scope(&self) -> ScopeDigest {
        self.scope
    }

    /// A claim of this call's record by the attempt with `token`.
    pub(crate) fn claim<'a>(&'a self, settings: &'a Settings, token: Token) -> Claim<'a> {
        let mut claim = Claim::new(self.id, self.operation, self.scope, token);
        claim.fingerprint = self.fingerprint;
        claim.lease = self.lease;
        claim.ttl = self.ttl;
        claim.owner = &settings.owner;
        claim.trace = self.trace;
        claim.quota = settings.quota;
        claim.notify = self.notifies();
        claim
    }

    /// Whether duplicates wait, and are to be told of the end.
    pub(super) fn notifies(&self) -> bool {
        matches!(self.on_conflict, OnConflict::Wait(_))
    }
}

/// The key's time is the client's, so this process's clock is as good a
/// judge as any; no record's life is measured by it.
#[allow(clippy::disallowed_methods)]
fn older_than(minted: Duration, age: Duration) -> bool {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    minted + age < now
}
