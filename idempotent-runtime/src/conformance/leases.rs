//! Renewing leases (invariants 1, 2 and 6).

use super::expectation::{Checked, ensure_eq};
use super::world::{LONG, SHORT, World, again, answer, first, lease, short_leased, token, ttl};
use crate::outcome::{Completion, Ownership, Previous, Release};

pub(super) async fn extension_holds_the_record(world: World) -> Checked {
    let claim = short_leased()?;
    world.claimed(&claim).await?;
    ensure_eq!(
        world.extend(&claim, lease(LONG)).await?,
        Ownership::Held,
        "extend"
    );
    world.pass(SHORT).await;
    let running = world.running(&again(&claim)?).await?;
    super::expectation::ensure!(
        running.remaining > LONG / 2,
        "{:?} remain of a lease renewed to {LONG:?}",
        running.remaining
    );
    Ok(())
}

pub(super) async fn extension_after_its_own_lease(world: World) -> Checked {
    let claim = short_leased()?;
    let fence = world.abandoned(&claim).await?;
    ensure_eq!(
        world.extend(&claim, lease(LONG)).await?,
        Ownership::Held,
        "extend"
    );
    world.running(&again(&claim)?).await?;
    let completion = world.complete(&claim, fence, &answer("held")).await?;
    ensure_eq!(
        completion,
        Completion::Stored,
        "complete under the renewed lease"
    );
    Ok(())
}

pub(super) async fn extension_by_a_foreign_token(world: World) -> Checked {
    let claim = short_leased()?;
    world.claimed(&claim).await?;
    let mut foreign = claim.clone();
    foreign.token = token()?;
    ensure_eq!(
        world.extend(&foreign, lease(LONG)).await?,
        Ownership::Lost,
        "extend"
    );
    // Had it renewed the lease all the same, nobody could take over.
    world.pass(SHORT).await;
    let claimed = world.claimed(&again(&claim)?).await?;
    ensure_eq!(claimed.previous, Previous::TakenOver, "what stood before");
    Ok(())
}

pub(super) async fn extension_of_what_does_not_run(world: World) -> Checked {
    let absent = first()?;
    ensure_eq!(
        world.extend(&absent, lease(LONG)).await?,
        Ownership::Lost,
        "of no record"
    );
    let done = first()?;
    world.finished(&done, &answer("done")).await?;
    ensure_eq!(
        world.extend(&done, lease(LONG)).await?,
        Ownership::Lost,
        "of a done record"
    );
    let released = first()?;
    world.claimed(&released).await?;
    world.release(&released, Release::Retry).await?;
    ensure_eq!(
        world.extend(&released, lease(LONG)).await?,
        Ownership::Lost,
        "of a free record"
    );
    world.claimed(&again(&released)?).await?;
    Ok(())
}

pub(super) async fn batch_answers_in_order(world: World) -> Checked {
    let (held, foreign, absent) = (first()?, first()?, first()?);
    let (done, also_held) = (first()?, short_leased()?);
    world.claimed(&held).await?;
    world.claimed(&foreign).await?;
    world.finished(&done, &answer("done")).await?;
    world.claimed(&also_held).await?;
    let batch = [
        (held.id, held.token, lease(LONG)),
        (foreign.id, token()?, lease(LONG)),
        (absent.id, absent.token, lease(LONG)),
        (also_held.id, also_held.token, lease(LONG)),
        (done.id, done.token, lease(LONG)),
        (held.id, held.token, lease(LONG)),
    ];
    let extended = world.store.extend(&batch).await?;
    let (yes, no) = (Ownership::Held, Ownership::Lost);
    ensure_eq!(extended, [yes, no, no, yes, no, yes], "the batch");
    world.pass(SHORT).await;
    world.running(&again(&also_held)?).await?;
    ensure_eq!(world.store.extend(&[]).await?, [], "an empty batch");
    Ok(())
}

/// As many leases as a busy process renews at once.
pub(super) async fn large_batch(world: World) -> Checked {
    let claim = short_leased()?;
    world.claimed(&claim).await?;
    let mut batch = vec![(claim.id, claim.token, lease(LONG))];
    for _ in 0..1000 {
        let absent = first()?;
        batch.push((absent.id, absent.token, lease(LONG)));
    }
    batch.push((claim.id, claim.token, lease(LONG)));
    let extended = world.store.extend(&batch).await?;
    ensure_eq!(extended.len(), batch.len(), "answers to a batch");
    let held: Vec<_> = (0..extended.len())
        .filter(|place| extended[*place] == Ownership::Held)
        .collect();
    ensure_eq!(held, [0, 1001], "the places of the leases that are held");
    Ok(())
}

pub(super) async fn running_record_outlives_its_ttl(world: World) -> Checked {
    let mut claim = first()?;
    claim.ttl = ttl(SHORT);
    let fence = world.claimed(&claim).await?.fence;
    world.pass(SHORT * 2).await;
    world.running(&again(&claim)?).await?;
    claim.ttl = ttl(LONG);
    let completion = world.complete(&claim, fence, &answer("late")).await?;
    ensure_eq!(
        completion,
        Completion::Stored,
        "complete after the ttl of the claim"
    );
    ensure_eq!(
        world.done(&again(&claim)?).await?.answer,
        answer("late"),
        "the answer"
    );
    Ok(())
}

pub(super) async fn extended_record_outlives_its_ttl(world: World) -> Checked {
    let mut claim = short_leased()?;
    claim.ttl = ttl(SHORT * 3);
    world.claimed(&claim).await?;
    ensure_eq!(
        world.extend(&claim, lease(LONG)).await?,
        Ownership::Held,
        "extend"
    );
    world.pass(SHORT * 4).await;
    world.running(&again(&claim)?).await?;
    Ok(())
}
