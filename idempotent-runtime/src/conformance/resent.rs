//! What is sent again because its acknowledgement was lost (invariant 5).

use super::expectation::{Checked, ensure_eq};
use super::world::{LONG, World, again, answer, first, lease, resent, short_leased};
use crate::outcome::{Completion, Ownership, Previous, Release};
use crate::store::Claim;

/// The claim gives the same fence and `previous`, once and again.
async fn stays(world: &World, claim: &Claim<'static>, previous: Previous) -> Checked {
    let claimed = world.claimed(claim).await?;
    ensure_eq!(claimed.previous, previous, "what stood before the claim");
    for _ in 0..2 {
        let once_more = world.claimed(&resent(claim)).await?;
        ensure_eq!(once_more, claimed, "the claim that was sent again");
    }
    Ok(())
}

pub(super) async fn first_claim(world: World) -> Checked {
    stays(&world, &first()?, Previous::None).await
}

pub(super) async fn claim_after_a_release(world: World) -> Checked {
    let claim = first()?;
    world.claimed(&claim).await?;
    world.release(&claim, Release::Retry).await?;
    stays(&world, &again(&claim)?, Previous::Released).await
}

pub(super) async fn claim_after_an_interruption(world: World) -> Checked {
    let claim = first()?;
    world.claimed(&claim).await?;
    world.release(&claim, Release::Interrupted).await?;
    stays(&world, &again(&claim)?, Previous::Interrupted).await
}

pub(super) async fn claim_after_a_takeover(world: World) -> Checked {
    let claim = short_leased()?;
    world.abandoned(&claim).await?;
    stays(&world, &again(&claim)?, Previous::TakenOver).await
}

/// A claim that is sent again is a sign of life too.
pub(super) async fn claim_renews_its_lease(world: World) -> Checked {
    let mut claim = short_leased()?;
    let fence = world.claimed(&claim).await?.fence;
    claim.lease = lease(LONG);
    ensure_eq!(world.claimed(&claim).await?.fence, fence, "the fence");
    world.pass(super::world::SHORT).await;
    world.running(&again(&claim)?).await?;
    Ok(())
}

/// Its own lease that ran out is no takeover of itself.
pub(super) async fn claim_after_its_own_lease(world: World) -> Checked {
    let claim = short_leased()?;
    let claimed = world.claimed(&claim).await?;
    world.pass(claim.lease.duration()).await;
    let once_more = world.claimed(&resent(&claim)).await?;
    ensure_eq!(once_more, claimed, "the claim that was sent again");
    Ok(())
}

pub(super) async fn completion(world: World) -> Checked {
    let claim = first()?;
    let fence = world.finished(&claim, &answer("first")).await?;
    for text in ["first", "another"] {
        let completion = world.complete(&claim, fence, &answer(text)).await?;
        ensure_eq!(completion, Completion::Stored, "the completion sent again");
    }
    let done = world.done(&again(&claim)?).await?;
    ensure_eq!(
        done.answer,
        answer("first"),
        "the answer that was stored first"
    );
    Ok(())
}

/// The claim's late duplicate finds what its own attempt left.
pub(super) async fn claim_after_its_own_completion(world: World) -> Checked {
    let claim = first()?;
    world.finished(&claim, &answer("own")).await?;
    let done = world.done(&resent(&claim)).await?;
    ensure_eq!(done.answer, answer("own"), "the answer");
    Ok(())
}

pub(super) async fn release(world: World) -> Checked {
    for reason in [Release::Retry, Release::Interrupted] {
        let claim = first()?;
        let fence = world.claimed(&claim).await?.fence;
        for _ in 0..2 {
            let released = world.release(&claim, reason).await?;
            ensure_eq!(released, Ownership::Held, "the release, sent again");
        }
        let later = world.claimed(&again(&claim)?).await?;
        let expected = match reason {
            Release::Retry => Previous::Released,
            Release::Interrupted => Previous::Interrupted,
        };
        ensure_eq!(later.previous, expected, "what stood before the next claim");
        super::expectation::ensure!(
            later.fence > fence,
            "the fence {} does not rise above {fence}",
            later.fence
        );
    }
    Ok(())
}
