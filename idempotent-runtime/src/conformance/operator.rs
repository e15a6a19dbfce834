//! The operator's verbs: the stated exceptions to invariants 2 and 3.

use super::expectation::{Checked, ensure, ensure_eq};
use super::world::{World, again, answer, first, short_leased};
use crate::lease::Fence;
use crate::outcome::{Completion, Operated, Previous, Release, Winner};

pub(super) async fn expire_ends_a_lease(world: World) -> Checked {
    let claim = first()?;
    let fence = world.claimed(&claim).await?.fence;
    ensure_eq!(
        world.store.expire(&claim.id, fence).await?,
        Operated::Applied,
        "expire"
    );
    let later = again(&claim)?;
    let claimed = world.claimed(&later).await?;
    ensure_eq!(claimed.previous, Previous::TakenOver, "what stood before");
    ensure!(
        claimed.fence > fence,
        "the fence {} does not rise above {fence}",
        claimed.fence
    );
    let completion = world.complete(&claim, fence, &answer("stale")).await?;
    ensure_eq!(
        completion,
        Completion::Lost(Winner::Running),
        "the old owner's completion"
    );
    Ok(())
}

pub(super) async fn expire_refuses_what_has_moved_on(world: World) -> Checked {
    let claim = short_leased()?;
    let old = world.abandoned(&claim).await?;
    let later = again(&claim)?;
    let fence = world.claimed(&later).await?.fence;
    let refused = Operated::Refused;
    ensure_eq!(
        world.store.expire(&claim.id, old).await?,
        refused,
        "of a fence before"
    );
    let next = Fence::new(fence.get() + 1);
    ensure_eq!(
        world.store.expire(&claim.id, next).await?,
        refused,
        "of a fence to come"
    );
    world.running(&again(&claim)?).await?;
    world.complete(&later, fence, &answer("done")).await?;
    ensure_eq!(
        world.store.expire(&claim.id, fence).await?,
        refused,
        "of a done record"
    );
    ensure_eq!(
        world.store.expire(&first()?.id, fence).await?,
        refused,
        "of no record"
    );
    let free = first()?;
    let fence = world.claimed(&free).await?.fence;
    world.release(&free, Release::Retry).await?;
    ensure_eq!(
        world.store.expire(&free.id, fence).await?,
        refused,
        "of a free record"
    );
    Ok(())
}

pub(super) async fn forget_deletes_a_done_record(world: World) -> Checked {
    let claim = first()?;
    let fence = world.finished(&claim, &answer("done")).await?;
    ensure_eq!(
        world.store.forget(&claim.id, fence).await?,
        Operated::Applied,
        "forget"
    );
    ensure_eq!(world.store.inspect(&claim.id).await?, None, "the record");
    let claimed = world.claimed(&again(&claim)?).await?;
    ensure_eq!(claimed.previous, Previous::None, "what stood before");
    ensure!(
        claimed.fence > fence,
        "the fence {} does not rise above {fence}",
        claimed.fence
    );
    Ok(())
}

pub(super) async fn forget_refuses_all_else(world: World) -> Checked {
    let refused = Operated::Refused;
    let done = first()?;
    let fence = world.finished(&done, &answer("done")).await?;
    for wrong in [fence.get() - 1, fence.get() + 1] {
        let operated = world.store.forget(&done.id, Fence::new(wrong)).await?;
        ensure_eq!(operated, refused, "of another fence");
    }
    world.done(&again(&done)?).await?;
    let running = first()?;
    let fence = world.claimed(&running).await?.fence;
    ensure_eq!(
        world.store.forget(&running.id, fence).await?,
        refused,
        "of a running record"
    );
    world.running(&again(&running)?).await?;
    world.release(&running, Release::Interrupted).await?;
    ensure_eq!(
        world.store.forget(&running.id, fence).await?,
        refused,
        "of a free record"
    );
    ensure_eq!(
        world.store.forget(&first()?.id, fence).await?,
        refused,
        "of no record"
    );
    Ok(())
}
