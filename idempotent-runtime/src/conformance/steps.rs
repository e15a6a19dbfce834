//! What an attempt records before its end (invariants 2, 3, 5 and 10).

use super::expectation::{Checked, Failure, ensure, ensure_eq};
use super::world::{
    LONG, SHORT, World, again, answer, differing, fingerprint, first, lease, resent, short_leased,
    token, ttl,
};
use crate::answer::Answer;
use crate::lease::Fence;
use crate::outcome::{Claimed, Completion, Ownership, Release};
use crate::record::State;
use crate::step::{Step, Steps};
use crate::store::Claim;

fn step(name: &str) -> Step {
    Step::new(name, answer(name))
}

impl World {
    async fn step(&self, claim: &Claim<'_>, fence: Fence, step: &Step) -> Checked<Ownership> {
        Ok(self
            .store
            .step(&claim.id, &claim.token, fence, step)
            .await?)
    }

    async fn stepped(&self, claim: &Claim<'_>, fence: Fence, names: &[&str]) -> Checked {
        for name in names {
            let recorded = self.step(claim, fence, &step(name)).await?;
            ensure_eq!(recorded, Ownership::Held, "the owner's step");
        }
        Ok(())
    }
}

/// The names of the steps, each with the result that `step` gave it.
fn names(steps: &Steps) -> Checked<Vec<String>> {
    let read = steps.read()?;
    for own in &read {
        ensure_eq!(*own, step(own.name()), "the result of a step");
    }
    Ok(read.iter().map(|step| step.name().to_owned()).collect())
}

fn has(claimed: &Claimed, expected: &[&str], when: &str) -> Checked {
    let found = names(&claimed.steps)?;
    ensure!(
        found == expected,
        "{when} the steps are {found:?}, not {expected:?}"
    );
    Ok(())
}

pub(super) async fn come_back_on_a_takeover(world: World) -> Checked {
    let claim = short_leased()?;
    let fence = world.claimed(&claim).await?.fence;
    world.stepped(&claim, fence, &["one", "two"]).await?;
    world.pass(SHORT).await;
    let mut second = again(&claim)?;
    second.lease = lease(SHORT);
    let claimed = world.claimed(&second).await?;
    has(&claimed, &["one", "two"], "after a takeover")?;
    // The second one goes on where the first one stopped.
    world.stepped(&second, claimed.fence, &["three"]).await?;
    world.pass(SHORT).await;
    let claimed = world.claimed(&again(&claim)?).await?;
    has(&claimed, &["one", "two", "three"], "after another takeover")
}

pub(super) async fn come_back_after_a_release(world: World) -> Checked {
    for reason in [Release::Retry, Release::Interrupted] {
        let claim = first()?;
        let fence = world.claimed(&claim).await?.fence;
        world.stepped(&claim, fence, &["one", "two"]).await?;
        world.release(&claim, reason).await?;
        let claimed = world.claimed(&again(&claim)?).await?;
        has(&claimed, &["one", "two"], "after a release")?;
    }
    Ok(())
}

pub(super) async fn of_nobody_are_none(world: World) -> Checked {
    let claim = first()?;
    let claimed = world.claimed(&claim).await?;
    has(&claimed, &[], "of a first claim")?;
    world.release(&claim, Release::Retry).await?;
    has(&world.claimed(&again(&claim)?).await?, &[], "after nothing")
}

pub(super) async fn are_seen_by_the_same_claim_sent_again(world: World) -> Checked {
    let claim = first()?;
    let fence = world.claimed(&claim).await?.fence;
    world.stepped(&claim, fence, &["one"]).await?;
    let claimed = world.claimed(&resent(&claim)).await?;
    ensure_eq!(claimed.fence, fence, "the fence");
    has(&claimed, &["one"], "of a claim that was sent again")
}

pub(super) async fn survive_a_heartbeat(world: World) -> Checked {
    let claim = short_leased()?;
    let fence = world.claimed(&claim).await?.fence;
    world.stepped(&claim, fence, &["one"]).await?;
    ensure_eq!(
        world.extend(&claim, lease(SHORT)).await?,
        Ownership::Held,
        "extend"
    );
    world.stepped(&claim, fence, &["two"]).await?;
    world.pass(SHORT).await;
    let claimed = world.claimed(&again(&claim)?).await?;
    has(&claimed, &["one", "two"], "after a heartbeat")
}

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

pub(super) async fn sent_again_change_nothing(world: World) -> Checked {
    let claim = short_leased()?;
    let fence = world.claimed(&claim).await?.fence;
    world
        .stepped(&claim, fence, &["one", "one", "two", "one"])
        .await?;
    world.pass(SHORT).await;
    let claimed = world.claimed(&again(&claim)?).await?;
    let mut found = names(&claimed.steps)?;
    ensure_eq!(found.first().map(String::as_str), Some("one"), "the first");
    found.sort();
    found.dedup();
    ensure!(found == ["one", "two"], "the steps are {found:?}");
    Ok(())
}

pub(super) async fn of_every_byte_and_size_come_back(world: World) -> Checked {
    let every: Vec<u8> = std::iter::once(2).chain(0..=255).collect();
    let large: Vec<u8> = (0..64 << 10).map(|at| [2, b'x', 0][at % 3]).collect();
    let steps = [
        Step::new("every byte, and ü", Answer::from_bytes(every)),
        Step::new("large", Answer::from_bytes(large)),
        Step::new(&"n".repeat(64), answer("")),
    ];
    let claim = first()?;
    let fence = world.claimed(&claim).await?.fence;
    for step in &steps {
        let recorded = world.step(&claim, fence, step).await?;
        ensure_eq!(recorded, Ownership::Held, "the owner's step");
    }
    for number in 0..64 {
        world
            .stepped(&claim, fence, &[&format!("s{number}")])
            .await?;
    }
    world.release(&claim, Release::Interrupted).await?;
    let claimed = world.claimed(&again(&claim)?).await?;
    let read = claimed.steps.read()?;
    ensure_eq!(read.len(), steps.len() + 64, "how many");
    ensure!(read[..3] == steps, "the steps came back as {read:?}");
    Ok(())
}

/// Two parts of one attempt at the same time.
pub(super) async fn at_once_are_all_recorded(world: World) -> Checked {
    let claim = first()?;
    ensure_eq!(claim.fingerprint, fingerprint(1), "whose");
    let fence = world.claimed(&claim).await?.fence;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..16 {
        let (world, claim) = (world.clone(), claim.clone());
        tasks.spawn(async move {
            world
                .stepped(&claim, fence, &[&format!("{number:02}")])
                .await
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.map_err(|error| Failure::new(error.to_string()))??;
    }
    world.release(&claim, Release::Interrupted).await?;
    let claimed = world.claimed(&again(&claim)?).await?;
    let mut found = names(&claimed.steps)?;
    found.sort();
    let expected: Vec<_> = (0..16).map(|number| format!("{number:02}")).collect();
    ensure!(found == expected, "the steps are {found:?}");
    Ok(())
}
