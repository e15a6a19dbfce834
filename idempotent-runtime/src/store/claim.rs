//! What a claim carries.

use std::time::Duration;

use crate::fingerprint::Fingerprint;
use crate::lease::{Lease, Token, Ttl};
use crate::record::{RecordId, ScopeDigest, Trace};

/// A claim of one attempt on one record.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Claim<'a> {
    /// Whose identity the record has.
    pub id: RecordId,
    /// The operation's name, for lists; the id has it already.
    pub operation: &'a str,
    /// The scope, for quotas; the id has it already.
    pub scope: ScopeDigest,
    /// What this attempt is asked.
    pub fingerprint: Fingerprint,
    /// Proves ownership from now on.
    pub token: Token,
    /// For how long the claim holds without a sign of life.
    pub lease: Lease,
    /// For how long an answer will be replayed.
    pub ttl: Ttl,
    /// The claiming process, for lists.
    pub owner: &'a str,
    /// The trace of this attempt.
    pub trace: Option<Trace>,
    /// The most live keys of the scope; the store's own default where `None`.
    /// Stores whose capabilities lack it ignore it.
    pub quota: Option<u64>,
    /// Whether duplicates of this operation wait, so that a store with
    /// notifications tells of the attempt's end.
    pub notify: bool,
}

impl<'a> Claim<'a> {
    /// A claim with the default lease and ttl, and a fingerprint that
    /// compares nothing.
    pub fn new(id: RecordId, operation: &'a str, scope: ScopeDigest, token: Token) -> Self {
        Self {
            id,
            operation,
            scope,
            fingerprint: Fingerprint::none(),
            token,
            lease: Lease::DEFAULT,
            ttl: Ttl::DEFAULT,
            owner: "",
            trace: None,
            quota: None,
            notify: false,
        }
    }

    /// How long the record of this claim lives if nothing more is heard:
    /// the ttl, and never less than the lease (invariant 6).
    pub fn lifetime(&self) -> Duration {
        self.ttl.duration().max(self.lease.duration())
    }
}
