//! Claims after a lease ran out (invariants 1, 4, 6).

use super::expectation::{Checked, ensure, ensure_eq};
use super::world::{SHORT, World, again, answer, lease, short_leased};
use crate::outcome::{Completion, Previous};

pub(super) async fn rises_above_the_lapsed_attempt(world: World) -> Checked {
    let claim = short_leased()?;
    let fence = world.abandoned(&claim).await?;
    let later = again(&claim)?;
    let claimed = world.claimed(&later).await?;
    ensure_eq!(claimed.previous, Previous::TakenOver, "what stood before");
    ensure!(
        claimed.fence > fence,
        "the fence {} does not rise above {fence}",
        claimed.fence
    );
    world.running(&again(&claim)?).await?;
    let completion = world
        .complete(&later, claimed.fence, &answer("later"))
        .await?;
    ensure_eq!(completion, Completion::Stored, "the new owner's completion");
    Ok(())
}

pub(super) async fn again_and_again(world: World) -> Checked {
    let mut claim = short_leased()?;
    let mut highest = world.abandoned(&claim).await?;
    for _ in 0..3 {
        claim = again(&claim)?;
        claim.lease = lease(SHORT / 4);
        let claimed = world.claimed(&claim).await?;
        ensure_eq!(claimed.previous, Previous::TakenOver, "what stood before");
        ensure!(
            claimed.fence > highest,
            "the fence {} does not rise above {highest}",
            claimed.fence
        );
        highest = claimed.fence;
        world.pass(claim.lease.duration()).await;
    }
    Ok(())
}
