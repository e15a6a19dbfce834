//! What each case has: the store, records of its own, and time.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::expectation::{Checked, Failure};
use crate::answer::Answer;
use crate::fingerprint::Fingerprint;
use crate::lease::{Fence, Lease, Token, Ttl};
use crate::outcome::{ClaimOutcome, Claimed, Completion, Done, Ownership, Release, Running};
use crate::record::{RecordId, RecordView, ScopeDigest};
use crate::scope::Scope;
use crate::store::{Claim, Store};

/// A lease or ttl that must run out within the case.
pub(super) const SHORT: Duration = Duration::from_millis(120);
/// A lease or ttl that must not: no machine is that slow.
pub(super) const LONG: Duration = Duration::from_hours(1);
/// By how much a store's clock may differ from the test's in what it says
/// of a duration: clocks tick in whole milliseconds somewhere.
pub(super) const SLACK: Duration = Duration::from_millis(25);

/// The name under which all cases claim.
pub(super) const OPERATION: &str = "idempotent_runtime::conformance";
/// The process name under which all cases claim.
pub(super) const OWNER: &str = "conformance";

#[derive(Clone)]
pub(super) struct World {
    pub(super) store: Arc<dyn Store>,
    pub(super) rounds: usize,
}

impl World {
    pub(super) fn new(store: Arc<dyn Store>, rounds: usize) -> Self {
        Self { store, rounds }
    }

    /// Lets `duration` run out on the store's clock.
    pub(super) async fn pass(&self, duration: Duration) {
        sleep(duration + SLACK).await;
    }

    pub(super) async fn claim(&self, claim: &Claim<'_>) -> Checked<ClaimOutcome> {
        Ok(self.store.claim(claim).await?)
    }

    pub(super) async fn claimed(&self, claim: &Claim<'_>) -> Checked<Claimed> {
        match self.claim(claim).await? {
            ClaimOutcome::Claimed(claimed) => Ok(claimed),
            other => Err(unexpected("Claimed", &other)),
        }
    }

    pub(super) async fn running(&self, claim: &Claim<'_>) -> Checked<Running> {
        match self.claim(claim).await? {
            ClaimOutcome::Running(running) => Ok(running),
            other => Err(unexpected("Running", &other)),
        }
    }

    pub(super) async fn done(&self, claim: &Claim<'_>) -> Checked<Done> {
        match self.claim(claim).await? {
            ClaimOutcome::Done(done) => Ok(done),
            other => Err(unexpected("Done", &other)),
        }
    }

    pub(super) async fn extend(&self, claim: &Claim<'_>, lease: Lease) -> Checked<Ownership> {
        let batch = [(claim.id, claim.token, lease)];
        let extended = self.store.extend(&batch).await?;
        match extended[..] {
            [ownership] => Ok(ownership),
            _ => Err(Failure::new(format!(
                "extend of one lease gave {} answers",
                extended.len()
            ))),
        }
    }

    pub(super) async fn complete(
        &self,
        claim: &Claim<'_>,
        fence: Fence,
        answer: &Answer,
    ) -> Checked<Completion> {
        Ok(self
            .store
            .complete(&claim.id, &claim.token, fence, answer, claim.ttl)
            .await?)
    }

    pub(super) async fn release(&self, claim: &Claim<'_>, reason: Release) -> Checked<Ownership> {
        Ok(self.store.release(&claim.id, &claim.token, reason).await?)
    }

    pub(super) async fn view(&self, claim: &Claim<'_>) -> Checked<RecordView> {
        let view = self.store.inspect(&claim.id).await?;
        view.ok_or_else(|| Failure::new("inspect finds no record where one lives"))
    }

    /// A claim that was completed with `answer`.
    pub(super) async fn finished(&self, claim: &Claim<'_>, answer: &Answer) -> Checked<Fence> {
        let fence = self.claimed(claim).await?.fence;
        match self.complete(claim, fence, answer).await? {
            Completion::Stored => Ok(fence),
            Completion::Lost(winner) => Err(Failure::new(format!(
                "the owner's completion was lost to {winner:?}"
            ))),
        }
    }

    /// A claim whose lease has run out.
    pub(super) async fn abandoned(&self, claim: &Claim<'_>) -> Checked<Fence> {
        let fence = self.claimed(claim).await?.fence;
        self.pass(claim.lease.duration()).await;
        Ok(fence)
    }
}

fn unexpected(expected: &str, got: &ClaimOutcome) -> Failure {
    Failure::new(format!("expected {expected}, got {got:?}"))
}

/// A claim of a record that nobody else has, with a lease and a ttl that do
/// not run out.
pub(super) fn first() -> Checked<Claim<'static>> {
    let mut id = [0; RecordId::BYTES];
    id[..16].copy_from_slice(token()?.as_bytes());
    id[16..].copy_from_slice(token()?.as_bytes());
    let mut claim = Claim::new(RecordId::from_bytes(id), OPERATION, scope()?, token()?);
    claim.owner = OWNER;
    claim.fingerprint = fingerprint(1);
    claim.lease = lease(LONG);
    claim.ttl = ttl(LONG);
    Ok(claim)
}

/// A first claim whose lease runs out soon.
pub(super) fn short_leased() -> Checked<Claim<'static>> {
    let mut claim = first()?;
    claim.lease = lease(SHORT);
    Ok(claim)
}

/// Another attempt's claim of the same record, for the same request.
pub(super) fn again<'a>(claim: &Claim<'a>) -> Checked<Claim<'a>> {
    let mut again = claim.clone();
    again.token = token()?;
    again.lease = lease(LONG);
    Ok(again)
}

/// Another attempt's claim of the same record, for another request.
pub(super) fn differing(claim: &Claim<'static>) -> Checked<Claim<'static>> {
    let mut differing = again(claim)?;
    differing.fingerprint = fingerprint(2);
    Ok(differing)
}

/// The same attempt's claim, sent once more.
pub(super) fn resent(claim: &Claim<'static>) -> Claim<'static> {
    claim.clone()
}

pub(super) fn token() -> Checked<Token> {
    Token::mint().ok_or_else(|| Failure::new("the system gave no randomness for a token"))
}

/// A scope that no other case has.
pub(super) fn scope() -> Checked<ScopeDigest> {
    let text = format!("{:02x?}", token()?.as_bytes());
    let scope = Scope::of(&text).map_err(|error| Failure::new(error.to_string()))?;
    Ok(ScopeDigest::of(&scope))
}

pub(super) fn fingerprint(number: u8) -> Fingerprint {
    Fingerprint::from_bytes([number; Fingerprint::BYTES])
}

/// A function's answer whose text is `text`.
pub(super) fn answer(text: &str) -> Answer {
    Answer::from_bytes([&[2], text.as_bytes()].concat())
}

pub(super) fn lease(duration: Duration) -> Lease {
    // Only the constants above are leases here, and they are within bounds.
    Lease::new(duration).unwrap_or(Lease::DEFAULT)
}

pub(super) fn ttl(duration: Duration) -> Ttl {
    Ttl::new(duration).unwrap_or(Ttl::DEFAULT)
}
