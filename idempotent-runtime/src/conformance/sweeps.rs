//! Sweeping: what is past its grace goes, and nothing else (invariants 3, 6
//! and 12).

use std::time::Duration;

use tokio::time::sleep;

use super::expectation::{Checked, Failure, ensure, ensure_eq};
use super::world::{SHORT, World, again, answer, first, ttl};
use crate::outcome::{Previous, Release};
use crate::record::State;
use crate::store::Claim;

/// Whether the sweep removes what is past its grace, and nothing else.
pub(super) async fn remove_the_dead_only(world: World) -> Checked {
    let (mut running, done, released) = (first()?, first()?, first()?);
    running.ttl = ttl(SHORT / 4);
    world.claimed(&running).await?;
    world.finished(&done, &answer("kept")).await?;
    world.claimed(&released).await?;
    world.release(&released, Release::Interrupted).await?;
    let mut dead = Vec::new();
    for _ in 0..20 {
        let mut claim = first()?;
        claim.ttl = ttl(SHORT);
        world.finished(&claim, &answer("dead")).await?;
        dead.push(claim);
    }
    world.pass(SHORT + SHORT / 10).await;
    removed(&world, &dead).await?;
    ensure!(
        matches!(world.view(&running).await?.state, State::Running { .. }),
        "the sweep touched a running record"
    );
    ensure_eq!(
        world.done(&again(&done)?).await?.answer,
        answer("kept"),
        "the answer"
    );
    let state = world.view(&released).await?.state;
    ensure_eq!(
        state,
        State::Free(Release::Interrupted),
        "the released record"
    );
    Ok(())
}

/// A sweep need not be exact in time; within a few seconds it removes.
async fn removed(world: &World, dead: &[Claim<'static>]) -> Checked {
    for claim in dead {
        let swept = world.store.sweep(1_000).await?;
        ensure!(swept <= 1_000, "a sweep of at most 1000 removed {swept}");
        if world.claimed(&again(claim)?).await?.previous == Previous::None {
            return Ok(());
        }
        sleep(Duration::from_millis(250)).await;
    }
    Err(Failure::new(
        "after 5 s of sweeping, records past their grace are still there",
    ))
}

pub(super) async fn are_bounded(world: World) -> Checked {
    ensure_eq!(world.store.sweep(0).await?, 0, "a sweep of at most nothing");
    let swept = world.store.sweep(1).await?;
    ensure!(swept <= 1, "a sweep of at most 1 removed {swept}");
    Ok(())
}
