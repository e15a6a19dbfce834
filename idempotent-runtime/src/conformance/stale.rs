//! Verbs of attempts that do not hold the record any more, or never did
//! (invariants 2 and 10).

use super::expectation::{Checked, ensure_eq};
use super::world::{SHORT, World, again, answer, first, lease, short_leased, token, ttl};
use crate::lease::Fence;
use crate::outcome::{Completion, Ownership, Previous, Release, Winner};
use crate::store::Claim;

/// An attempt that was taken over, and the attempt that did it.
async fn superseded(world: &World) -> Checked<(Claim<'static>, Fence, Claim<'static>, Fence)> {
    let old = short_leased()?;
    let old_fence = world.abandoned(&old).await?;
    let new = again(&old)?;
    let new_fence = world.claimed(&new).await?.fence;
    Ok((old, old_fence, new, new_fence))
}

/// The stale completion is lost to `winner`.
async fn loses(world: &World, old: &Claim<'static>, fence: Fence, winner: Winner) -> Checked {
    let completion = world.complete(old, fence, &answer("stale")).await?;
    ensure_eq!(completion, Completion::Lost(winner), "the stale completion");
    Ok(())
}

pub(super) async fn completion_while_another_runs(world: World) -> Checked {
    let (old, old_fence, new, new_fence) = superseded(&world).await?;
    loses(&world, &old, old_fence, Winner::Running).await?;
    let completion = world.complete(&new, new_fence, &answer("new")).await?;
    ensure_eq!(completion, Completion::Stored, "the winner's completion");
    Ok(())
}

pub(super) async fn completion_after_another_is_done(world: World) -> Checked {
    let (old, old_fence, new, new_fence) = superseded(&world).await?;
    world.complete(&new, new_fence, &answer("new")).await?;
    loses(&world, &old, old_fence, Winner::Done).await?;
    ensure_eq!(
        world.done(&again(&old)?).await?.answer,
        answer("new"),
        "the answer"
    );
    Ok(())
}

pub(super) async fn completion_after_another_released(world: World) -> Checked {
    let (old, old_fence, new, _) = superseded(&world).await?;
    world.release(&new, Release::Retry).await?;
    loses(&world, &old, old_fence, Winner::None).await?;
    let claimed = world.claimed(&again(&old)?).await?;
    ensure_eq!(claimed.previous, Previous::Released, "what stood before");
    Ok(())
}

pub(super) async fn completion_after_another_lapsed(world: World) -> Checked {
    let old = short_leased()?;
    let old_fence = world.abandoned(&old).await?;
    let mut new = again(&old)?;
    new.lease = lease(SHORT);
    world.abandoned(&new).await?;
    loses(&world, &old, old_fence, Winner::None).await?;
    let claimed = world.claimed(&again(&old)?).await?;
    ensure_eq!(claimed.previous, Previous::TakenOver, "what stood before");
    Ok(())
}

pub(super) async fn completion_of_no_record(world: World) -> Checked {
    let claim = first()?;
    loses(&world, &claim, Fence::new(1), Winner::None).await?;
    let claimed = world.claimed(&claim).await?;
    ensure_eq!(claimed.previous, Previous::None, "what stood before");
    Ok(())
}

pub(super) async fn completion_after_its_own_release(world: World) -> Checked {
    let claim = first()?;
    let fence = world.claimed(&claim).await?.fence;
    world.release(&claim, Release::Interrupted).await?;
    loses(&world, &claim, fence, Winner::None).await?;
    let claimed = world.claimed(&again(&claim)?).await?;
    ensure_eq!(claimed.previous, Previous::Interrupted, "what stood before");
    Ok(())
}

pub(super) async fn completion_of_an_expired_answer(world: World) -> Checked {
    let mut old = short_leased()?;
    let old_fence = world.abandoned(&old).await?;
    let mut new = again(&old)?;
    new.ttl = ttl(SHORT);
    world.finished(&new, &answer("new")).await?;
    world.pass(SHORT).await;
    old.ttl = ttl(SHORT);
    loses(&world, &old, old_fence, Winner::None).await
}

pub(super) async fn completion_by_a_foreign_token(world: World) -> Checked {
    let claim = first()?;
    let fence = world.claimed(&claim).await?.fence;
    let mut foreign = claim.clone();
    foreign.token = token()?;
    loses(&world, &foreign, fence, Winner::Running).await?;
    world.running(&again(&claim)?).await?;
    let completion = world.complete(&claim, fence, &answer("own")).await?;
    ensure_eq!(completion, Completion::Stored, "the owner's completion");
    Ok(())
}

pub(super) async fn completion_with_another_fence(world: World) -> Checked {
    let claim = first()?;
    let fence = world.claimed(&claim).await?.fence;
    for wrong in [fence.get() - 1, fence.get() + 1] {
        loses(&world, &claim, Fence::new(wrong), Winner::Running).await?;
    }
    let completion = world.complete(&claim, fence, &answer("own")).await?;
    ensure_eq!(completion, Completion::Stored, "the owner's completion");
    Ok(())
}

/// Nobody took over, so what ran is not thrown away.
pub(super) async fn completion_after_its_own_lease(world: World) -> Checked {
    let claim = short_leased()?;
    let fence = world.abandoned(&claim).await?;
    let completion = world.complete(&claim, fence, &answer("late")).await?;
    ensure_eq!(completion, Completion::Stored, "the late completion");
    ensure_eq!(
        world.done(&again(&claim)?).await?.answer,
        answer("late"),
        "the answer"
    );
    Ok(())
}

pub(super) async fn extension_and_release(world: World) -> Checked {
    let (old, _, new, new_fence) = superseded(&world).await?;
    let lost = Ownership::Lost;
    ensure_eq!(
        world.extend(&old, old.lease).await?,
        lost,
        "the stale extension"
    );
    for reason in [Release::Retry, Release::Interrupted] {
        ensure_eq!(
            world.release(&old, reason).await?,
            lost,
            "the stale release"
        );
    }
    let running = world.running(&again(&old)?).await?;
    super::expectation::ensure!(
        running.remaining > super::world::LONG / 2,
        "a stale extension cut the lease to {:?}",
        running.remaining
    );
    let completion = world.complete(&new, new_fence, &answer("new")).await?;
    ensure_eq!(completion, Completion::Stored, "the owner's completion");
    Ok(())
}
