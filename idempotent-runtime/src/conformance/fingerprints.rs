//! The same key for another request (invariant 11): it learns whose record
//! it is, and never gets hold of it.

use super::expectation::{Checked, ensure, ensure_eq};
use super::world::{World, again, answer, differing, fingerprint, first, short_leased};
use crate::outcome::Previous;

pub(super) async fn while_it_runs(world: World) -> Checked {
    let claim = first()?;
    world.claimed(&claim).await?;
    let running = world.running(&differing(&claim)?).await?;
    ensure_eq!(running.fingerprint, fingerprint(1), "whose attempt runs");
    ensure!(
        !running.remaining.is_zero(),
        "nothing remains of a live lease"
    );
    Ok(())
}

pub(super) async fn after_the_lease_ran_out(world: World) -> Checked {
    let claim = short_leased()?;
    world.abandoned(&claim).await?;
    let running = world.running(&differing(&claim)?).await?;
    ensure_eq!(running.fingerprint, fingerprint(1), "whose record it is");
    ensure!(
        running.remaining.is_zero(),
        "{:?} remain of a lease that ran out",
        running.remaining
    );
    let claimed = world.claimed(&again(&claim)?).await?;
    ensure_eq!(claimed.previous, Previous::TakenOver, "what stood before");
    Ok(())
}

pub(super) async fn when_it_is_done(world: World) -> Checked {
    let claim = first()?;
    world.finished(&claim, &answer("done")).await?;
    let done = world.done(&differing(&claim)?).await?;
    ensure_eq!(done.fingerprint, fingerprint(1), "whose answer it is");
    Ok(())
}
