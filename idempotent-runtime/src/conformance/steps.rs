//! What an attempt records before its end comes back (invariants 5, 6 and 9).

use super::expectation::{Checked, Failure, ensure, ensure_eq};
use super::world::{SHORT, World, again, answer, fingerprint, first, lease, resent, short_leased};
use crate::answer::Answer;
use crate::lease::Fence;
use crate::outcome::{Claimed, Ownership, Release};
use crate::step::{Step, Steps};
use crate::store::Claim;

pub(super) fn step(name: &str) -> Step {
    Step::new(name, answer(name))
}

impl World {
    pub(super) async fn step(
        &self,
        claim: &Claim<'_>,
        fence: Fence,
        step: &Step,
    ) -> Checked<Ownership> {
        Ok(self
            .store
            .step(&claim.id, &claim.token, fence, step)
            .await?)
    }

    pub(super) async fn stepped(&self, claim: &Claim<'_>, fence: Fence, names: &[&str]) -> Checked {
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

pub(super) fn has(claimed: &Claimed, expected: &[&str], when: &str) -> Checked {
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
