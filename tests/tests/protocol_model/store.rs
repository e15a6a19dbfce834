//! The store: the crate's own record, and its clock.

use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Completion, Ownership, Winner};
use idempotent_runtime::record::{Record, RecordId, RecordView, ScopeDigest, State};
use idempotent_runtime::store::Claim;
use idempotent_runtime::{Answer, Fence, Lease, Scope, Token, Ttl};

use crate::state::{Reason, Terms, TokenNo};

/// A tick, in microseconds of the store's clock.
pub(crate) const TICK: u64 = 10_000;

#[derive(Clone)]
pub(crate) struct Store {
    pub(crate) record: Option<Record>,
    pub(crate) now: u64,
    pub(crate) terms: Terms,
}

/// All that a record holds but its token and its past.
pub(crate) type Shot = Option<((u8, Duration), Fence, u32, Duration, Option<u64>)>;

impl Store {
    pub(crate) fn new(terms: &Terms) -> Self {
        Self {
            record: None,
            now: 1_000_000,
            terms: *terms,
        }
    }

    pub(crate) fn claim(&mut self, token: TokenNo) -> ClaimOutcome {
        let claim = self.claim_of(token);
        if let Some(record) = &mut self.record {
            return record.claim(&claim, self.now);
        }
        let (record, claimed) = Record::first(&claim, self.now);
        self.record = Some(record);
        ClaimOutcome::Claimed(claimed)
    }

    pub(crate) fn extend(&mut self, token: TokenNo) -> Ownership {
        let (lease, now) = (self.lease(), self.now);
        self.record.as_mut().map_or(Ownership::Lost, |record| {
            record.extend(&token_of(token), lease, now)
        })
    }

    pub(crate) fn complete(&mut self, token: TokenNo, fence: u64, answer: &Answer) -> Completion {
        let (ttl, now) = (self.ttl(), self.now);
        let lost = Completion::Lost(Winner::None);
        self.record.as_mut().map_or(lost, |record| {
            record.complete(&token_of(token), Fence::new(fence), answer, ttl, now)
        })
    }

    pub(crate) fn release(&mut self, token: TokenNo, reason: Reason) -> Ownership {
        self.record.as_mut().map_or(Ownership::Lost, |record| {
            record.release(&token_of(token), reason.into())
        })
    }

    pub(crate) fn view(&self) -> Option<RecordView> {
        self.record.as_ref()?.view(id(), self.now)
    }

    /// Seen from a time before all others, no lease has run out and nothing
    /// has expired.
    pub(crate) fn shot(&self) -> Shot {
        let view = self.record.as_ref()?.view(id(), 0)?;
        let state = match view.state {
            State::Running { remaining } => (0, remaining),
            State::Free(reason) => (1 + reason as u8, Duration::ZERO),
            _ => (3, Duration::ZERO),
        };
        Some((
            state,
            view.fence,
            view.attempts,
            view.expires_in,
            view.answer_bytes,
        ))
    }

    pub(crate) fn ttl(&self) -> Ttl {
        Ttl::new(Duration::from_micros(self.terms.ttl * TICK)).expect("a ttl within bounds")
    }

    fn lease(&self) -> Lease {
        Lease::new(Duration::from_micros(self.terms.lease * TICK)).expect("a lease within bounds")
    }

    fn claim_of(&self, token: TokenNo) -> Claim<'static> {
        let scope = ScopeDigest::of(&Scope::public());
        let mut claim = Claim::new(id(), "model", scope, token_of(token));
        (claim.lease, claim.ttl) = (self.lease(), self.ttl());
        claim
    }
}

fn id() -> RecordId {
    RecordId::from_bytes([1; RecordId::BYTES])
}

fn token_of(token: TokenNo) -> Token {
    Token::from_bytes([token; Token::BYTES])
}
