//! Records as processes leave them that died. They are claimed at the store
//! itself, as a process that dies cannot be part of this one.

use std::time::Duration;

use idempotent_runtime::outcome::Release;
use idempotent_runtime::record::{RecordId, ScopeDigest, Trace};
use idempotent_runtime::store::Claim;
use idempotent_runtime::{Idempotency, Lease, Token};

use super::{Failed, OPERATION, record};

/// The process that died.
const OWNER: &str = "payments-7f9c4-x2k8p";

/// Claimed, and never heard of again.
pub(super) async fn stuck(idempotency: &Idempotency) -> Result<(), Failed> {
    for key in ["order-2001", "order-2002", "order-2003"] {
        claim(idempotency, key).await?;
    }
    Ok(())
}

/// Claimed, and given back by a process that had to stop.
pub(super) async fn interrupted(idempotency: &Idempotency) -> Result<(), Failed> {
    let (id, token) = claim(idempotency, "order-2004").await?;
    let store = idempotency.store();
    store.release(&id, &token, Release::Interrupted).await?;
    Ok(())
}

async fn claim(idempotency: &Idempotency, key: &str) -> Result<(RecordId, Token), Failed> {
    let (id, scope) = record(idempotency, "acme", key)?;
    let token = Token::mint().ok_or("the system has no randomness")?;
    let mut claim = Claim::new(id, OPERATION, ScopeDigest::of(&scope), token);
    claim.lease = Lease::new(Duration::from_millis(100))?;
    claim.owner = OWNER;
    claim.trace = Some(trace(&id));
    idempotency.store().claim(&claim).await?;
    Ok((id, token))
}

/// As a tracing hook would give it: trace, span, and "sampled".
fn trace(id: &RecordId) -> Trace {
    let mut trace = [1; 25];
    trace[..24].copy_from_slice(&id.as_bytes()[..24]);
    trace
}
