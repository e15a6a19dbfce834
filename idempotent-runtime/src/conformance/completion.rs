//! Finishing a record.

use super::expectation::{Checked, ensure, ensure_eq};
use super::world::{LONG, SHORT, World, again, answer, fingerprint, first, ttl};
use crate::outcome::Completion;

/// Two lifetimes: the answer's begins with the completion.
pub(super) async fn for_its_own_ttl(world: World) -> Checked {
    let mut claim = first()?;
    claim.ttl = ttl(SHORT);
    let fence = world.claimed(&claim).await?.fence;
    claim.ttl = ttl(LONG);
    let completion = world.complete(&claim, fence, &answer("done")).await?;
    ensure_eq!(completion, Completion::Stored, "complete");
    world.pass(SHORT * 2).await;
    let done = world.done(&again(&claim)?).await?;
    ensure_eq!(done.answer, answer("done"), "the answer");
    ensure_eq!(done.fingerprint, fingerprint(1), "the fingerprint");
    ensure!(
        done.expires_in > LONG / 2,
        "it expires in {:?}",
        done.expires_in
    );
    Ok(())
}
