//! Attempts that meet: of many, one wins, and every one learns the truth
//! (invariants 1, 2, 5 and 10). Each race is run many times.

use std::sync::Arc;

use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::expectation::{Checked, Failure, ensure, ensure_eq};
use super::world::{SHORT, World, again, answer, first, lease, resent};
use crate::lease::Fence;
use crate::outcome::{ClaimOutcome, Completion, Ownership, Release, Winner};
use crate::store::Claim;

/// How many meet.
const RACERS: usize = 16;

/// What concurrent claims came to.
async fn raced(world: &World, claims: Vec<Claim<'static>>) -> Checked<Vec<ClaimOutcome>> {
    let start = Arc::new(Barrier::new(claims.len()));
    let mut tasks = JoinSet::new();
    for claim in claims {
        let (world, start) = (world.clone(), Arc::clone(&start));
        tasks.spawn(async move {
            start.wait().await;
            world.claim(&claim).await
        });
    }
    tasks.join_all().await.into_iter().collect()
}

fn rivals(claim: &Claim<'static>) -> Checked<Vec<Claim<'static>>> {
    (0..RACERS).map(|_| again(claim)).collect()
}

/// One of the claims wins above `fence`; all the others see it running.
async fn one_wins(world: &World, claim: &Claim<'static>, fence: Option<Fence>) -> Checked {
    let outcomes = raced(world, rivals(claim)?).await?;
    let winners: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            ClaimOutcome::Claimed(claimed) => Some(claimed),
            _ => None,
        })
        .collect();
    ensure!(
        winners.len() == 1,
        "{} of {RACERS} concurrent claims were claimed: {outcomes:?}",
        winners.len()
    );
    ensure!(
        Some(winners[0].fence) > fence,
        "the fence {} does not rise above {fence:?}",
        winners[0].fence
    );
    let running = |outcome: &&ClaimOutcome| matches!(outcome, ClaimOutcome::Running(_));
    ensure_eq!(
        outcomes.iter().filter(running).count(),
        RACERS - 1,
        "those that see it running"
    );
    Ok(())
}

pub(super) async fn for_a_fresh_record(world: World) -> Checked {
    for _ in 0..world.rounds {
        one_wins(&world, &first()?, None).await?;
    }
    Ok(())
}

pub(super) async fn for_a_lapsed_record(world: World) -> Checked {
    for (claim, fence) in lapsed(&world).await? {
        one_wins(&world, &claim, Some(fence)).await?;
    }
    Ok(())
}

pub(super) async fn for_a_released_record(world: World) -> Checked {
    for round in 0..world.rounds {
        let claim = first()?;
        let fence = world.claimed(&claim).await?.fence;
        let reason = [Release::Retry, Release::Interrupted][round % 2];
        world.release(&claim, reason).await?;
        one_wins(&world, &claim, Some(fence)).await?;
    }
    Ok(())
}

/// As many records as there are rounds, each with a lease that ran out.
async fn lapsed(world: &World) -> Checked<Vec<(Claim<'static>, Fence)>> {
    let mut lapsed = Vec::new();
    for _ in 0..world.rounds {
        let mut claim = first()?;
        claim.lease = lease(SHORT);
        let fence = world.claimed(&claim).await?.fence;
        lapsed.push((claim, fence));
    }
    world.pass(SHORT).await;
    Ok(lapsed)
}

pub(super) async fn of_one_attempt_with_itself(world: World) -> Checked {
    for _ in 0..world.rounds {
        let claim = first()?;
        let copies = (0..RACERS).map(|_| resent(&claim)).collect();
        let outcomes = raced(&world, copies).await?;
        let all_equal = outcomes.iter().all(|outcome| *outcome == outcomes[0]);
        ensure!(
            all_equal && matches!(outcomes[0], ClaimOutcome::Claimed(_)),
            "copies of one claim got different answers: {outcomes:?}"
        );
    }
    Ok(())
}

pub(super) async fn of_a_completion_with_a_takeover(world: World) -> Checked {
    for (claim, fence) in lapsed(&world).await? {
        let (late, rival) = (answer("late"), again(&claim)?);
        let start = Barrier::new(2);
        let complete = async {
            start.wait().await;
            world.complete(&claim, fence, &late).await
        };
        let take_over = async {
            start.wait().await;
            world.claim(&rival).await
        };
        let (completion, outcome) = tokio::join!(complete, take_over);
        match (completion?, outcome?) {
            (Completion::Stored, ClaimOutcome::Done(done)) if done.answer == late => {}
            (Completion::Lost(Winner::Running), ClaimOutcome::Claimed(claimed))
                if claimed.fence > fence => {}
            both => return Err(Failure::new(format!("both won, or neither: {both:?}"))),
        }
    }
    Ok(())
}

pub(super) async fn of_an_extension_with_a_takeover(world: World) -> Checked {
    for (claim, fence) in lapsed(&world).await? {
        let rival = again(&claim)?;
        let extend = world.extend(&claim, rival.lease);
        let (extended, outcome) = tokio::join!(extend, world.claim(&rival));
        match (extended?, outcome?) {
            (Ownership::Held, ClaimOutcome::Running(_)) => {}
            (Ownership::Lost, ClaimOutcome::Claimed(claimed)) if claimed.fence > fence => {}
            both => return Err(Failure::new(format!("both won, or neither: {both:?}"))),
        }
    }
    Ok(())
}

/// An attempt that hangs, and the one that took over, complete at once.
pub(super) async fn of_two_completions(world: World) -> Checked {
    for (old, old_fence) in lapsed(&world).await? {
        let new = again(&old)?;
        let new_fence = world.claimed(&new).await?.fence;
        let (stale, own) = (answer("stale"), answer("own"));
        let (lost, stored) = tokio::join!(
            world.complete(&old, old_fence, &stale),
            world.complete(&new, new_fence, &own)
        );
        ensure_eq!(stored?, Completion::Stored, "the owner's completion");
        let lost = lost?;
        ensure!(
            matches!(lost, Completion::Lost(_)),
            "the stale completion: {lost:?}"
        );
        ensure_eq!(world.done(&again(&old)?).await?.answer, own, "the answer");
    }
    Ok(())
}
