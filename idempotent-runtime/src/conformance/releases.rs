//! Giving a record back (invariants 2 and 4).

use super::expectation::{Checked, ensure, ensure_eq};
use super::world::{World, again, answer, differing, fingerprint, first, short_leased, token};
use crate::outcome::{Completion, Ownership, Previous, Release};

pub(super) async fn for_a_retry_frees_it_for_any_request(world: World) -> Checked {
    let claim = first()?;
    let fence = world.claimed(&claim).await?.fence;
    ensure_eq!(
        world.release(&claim, Release::Retry).await?,
        Ownership::Held,
        "release"
    );
    let other = differing(&claim)?;
    let claimed = world.claimed(&other).await?;
    ensure_eq!(claimed.previous, Previous::Released, "what stood before");
    ensure!(
        claimed.fence > fence,
        "the fence {} does not rise above {fence}",
        claimed.fence
    );
    // From now on the record is the other request's.
    let running = world.running(&again(&claim)?).await?;
    ensure_eq!(running.fingerprint, fingerprint(2), "whose attempt runs");
    let completion = world
        .complete(&other, claimed.fence, &answer("other"))
        .await?;
    ensure_eq!(completion, Completion::Stored, "complete");
    ensure_eq!(
        world.done(&again(&claim)?).await?.fingerprint,
        fingerprint(2),
        "of the answer"
    );
    Ok(())
}

pub(super) async fn of_an_interrupted_attempt_keeps_its_request(world: World) -> Checked {
    let claim = first()?;
    let fence = world.claimed(&claim).await?.fence;
    let released = world.release(&claim, Release::Interrupted).await?;
    ensure_eq!(released, Ownership::Held, "release");
    let running = world.running(&differing(&claim)?).await?;
    ensure_eq!(running.fingerprint, fingerprint(1), "whose record it is");
    ensure!(
        running.remaining.is_zero(),
        "{:?} remain of no lease",
        running.remaining
    );
    let claimed = world.claimed(&again(&claim)?).await?;
    ensure_eq!(claimed.previous, Previous::Interrupted, "what stood before");
    ensure!(
        claimed.fence > fence,
        "the fence {} does not rise above {fence}",
        claimed.fence
    );
    Ok(())
}

pub(super) async fn by_a_foreign_token_changes_nothing(world: World) -> Checked {
    let claim = first()?;
    let fence = world.claimed(&claim).await?.fence;
    let mut foreign = claim.clone();
    foreign.token = token()?;
    for reason in [Release::Retry, Release::Interrupted] {
        ensure_eq!(
            world.release(&foreign, reason).await?,
            Ownership::Lost,
            "release"
        );
    }
    world.running(&again(&claim)?).await?;
    let completion = world.complete(&claim, fence, &answer("own")).await?;
    ensure_eq!(completion, Completion::Stored, "the owner's completion");
    ensure_eq!(
        world.release(&first()?, Release::Retry).await?,
        Ownership::Lost,
        "of no record"
    );
    Ok(())
}

pub(super) async fn after_its_own_lease(world: World) -> Checked {
    let claim = short_leased()?;
    world.abandoned(&claim).await?;
    ensure_eq!(
        world.release(&claim, Release::Retry).await?,
        Ownership::Held,
        "release"
    );
    let claimed = world.claimed(&differing(&claim)?).await?;
    ensure_eq!(claimed.previous, Previous::Released, "what stood before");
    Ok(())
}

/// The second attempt's reason is what the third learns.
pub(super) async fn tells_the_last_reason(world: World) -> Checked {
    let one = first()?;
    world.claimed(&one).await?;
    world.release(&one, Release::Interrupted).await?;
    let two = again(&one)?;
    world.claimed(&two).await?;
    world.release(&two, Release::Retry).await?;
    let three = again(&one)?;
    let claimed = world.claimed(&three).await?;
    ensure_eq!(claimed.previous, Previous::Released, "what stood before");
    Ok(())
}
