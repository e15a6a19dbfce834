//! Who may record a step, and when steps end (invariants 2, 3, 10 and 11).

use super::expectation::{Checked, ensure_eq};
use super::steps::{has, step};
use super::world::{
    LONG, SHORT, World, again, answer, differing, first, resent, short_leased, token, ttl,
};
use crate::lease::Fence;
use crate::outcome::{Completion, Ownership, Release};
use crate::record::State;

pub(super) async fn of_a_paused_attempt_are_refused(world: World) -> Checked {
    let claim = short_leased()?;
    let fence = world.abandoned(&claim).await?;
    let later = again(&claim)?;
    let claimed = world.claimed(&later).await?;
    ensure_eq!(
        world.step(&claim, fence, &step("late")).await?,
        Ownership::Lost,
        "the paused attempt's step"
    );
    // Neither token nor fence alone is enough.
    ensure_eq!(
        world.step(&later, fence, &step("old")).await?,
        Ownership::Lost,
        "a step under an old fence"
    );
    let mut foreign = later.clone();
    foreign.token = token()?;
    ensure_eq!(
        world
            .step(&foreign, claimed.fence, &step("foreign"))
            .await?,
        Ownership::Lost,
        "a step with a foreign token"
    );
    let seen = world.claimed(&resent(&later)).await?;
    has(&seen, &[], "of the present attempt")
}

pub(super) async fn after_its_own_lease_are_recorded(world: World) -> Checked {
    let claim = short_leased()?;
    let fence = world.abandoned(&claim).await?;
    world.stepped(&claim, fence, &["one"]).await?;
    has(&world.claimed(&again(&claim)?).await?, &["one"], "later")
}

pub(super) async fn need_a_running_attempt(world: World) -> Checked {
    let claim = first()?;
    let nobody = world.step(&claim, Fence::new(1), &step("one")).await?;
    ensure_eq!(nobody, Ownership::Lost, "a step of no record");
    for reason in [Release::Retry, Release::Interrupted] {
        let claim = first()?;
        let fence = world.claimed(&claim).await?.fence;
        world.release(&claim, reason).await?;
        let late = world.step(&claim, fence, &step("late")).await?;
        ensure_eq!(late, Ownership::Lost, "a step after a release");
        has(&world.claimed(&again(&claim)?).await?, &[], "later")?;
    }
    let claim = first()?;
    let fence = world.finished(&claim, &answer("own")).await?;
    let late = world.step(&claim, fence, &step("late")).await?;
    ensure_eq!(late, Ownership::Lost, "a step after the completion");
    let done = world.done(&again(&claim)?).await?;
    ensure_eq!(done.answer, answer("own"), "the answer");
    Ok(())
}

pub(super) async fn end_with_a_completion(world: World) -> Checked {
    let claim = first()?;
    let fence = world.claimed(&claim).await?.fence;
    world.stepped(&claim, fence, &["one", "two"]).await?;
    let view = world.view(&claim).await?;
    ensure_eq!(view.answer_bytes, None, "the answer of a running record");
    for _ in 0..2 {
        let completion = world.complete(&claim, fence, &answer("own")).await?;
        ensure_eq!(completion, Completion::Stored, "complete");
    }
    let done = world.done(&again(&claim)?).await?;
    ensure_eq!(done.answer, answer("own"), "the answer");
    ensure_eq!(world.view(&claim).await?.state, State::Done, "the state");
    Ok(())
}

pub(super) async fn are_not_another_requests(world: World) -> Checked {
    let claim = first()?;
    let fence = world.claimed(&claim).await?.fence;
    world.stepped(&claim, fence, &["one"]).await?;
    world.release(&claim, Release::Retry).await?;
    let other = differing(&claim)?;
    has(&world.claimed(&other).await?, &[], "of another request")?;
    world.release(&other, Release::Retry).await?;
    // And the first request does not get them back.
    let claimed = world.claimed(&again(&claim)?).await?;
    has(&claimed, &[], "after another request")
}

pub(super) async fn end_with_the_record(world: World) -> Checked {
    let mut claim = short_leased()?;
    claim.ttl = ttl(SHORT);
    let fence = world.claimed(&claim).await?.fence;
    world.stepped(&claim, fence, &["one"]).await?;
    world.pass(SHORT).await;
    let mut later = again(&claim)?;
    later.ttl = ttl(LONG);
    has(&world.claimed(&later).await?, &[], "after the ttl")
}
