//! First claims, and what another attempt sees while they hold (invariants 1, 7).

use tokio::time::Instant;

use super::expectation::{Checked, ensure, ensure_eq};
use super::world::{LONG, SHORT, SLACK, World, again, fingerprint, first};
use crate::outcome::Previous;

pub(super) async fn first_is_claimed(world: World) -> Checked {
    let claimed = world.claimed(&first()?).await?;
    ensure_eq!(
        claimed.previous,
        Previous::None,
        "what stood before a first claim"
    );
    ensure!(
        claimed.fence.get() > 0,
        "a fence of 0 says that there is none"
    );
    ensure!(
        claimed.fence.get() < 1 << 53,
        "the fence {} does not fit 53 bits",
        claimed.fence
    );
    Ok(())
}

pub(super) async fn second_sees_it_running(world: World) -> Checked {
    let claim = first()?;
    let asked = Instant::now();
    world.claimed(&claim).await?;
    let held = Instant::now();
    world.pass(SHORT).await;
    let least = held.elapsed();
    let running = world.running(&again(&claim)?).await?;
    let most = asked.elapsed();
    ensure_eq!(running.fingerprint, fingerprint(1), "whose attempt runs");
    ensure!(
        running.age + SLACK >= least && running.age <= most + SLACK,
        "an age of {:?} after {least:?} to {most:?}",
        running.age
    );
    ensure!(
        running.remaining <= LONG && running.remaining + most + SLACK >= LONG,
        "{:?} remain of a lease of {LONG:?} after at most {most:?}",
        running.remaining
    );
    Ok(())
}

pub(super) async fn nothing_is_shared_between_records(world: World) -> Checked {
    let (one, mut other) = (first()?, first()?);
    // Even the token of another record proves nothing.
    other.token = one.token;
    let fence = world.claimed(&one).await?.fence;
    world.claimed(&other).await?;
    let answer = super::world::answer("one");
    world.complete(&one, fence, &answer).await?;
    world.running(&again(&other)?).await?;
    let done = world.done(&again(&one)?).await?;
    ensure_eq!(done.answer, answer, "the answer of the record that is done");
    Ok(())
}

pub(super) async fn neighbouring_ids_are_different_records(world: World) -> Checked {
    let claim = first()?;
    world.claimed(&claim).await?;
    for place in 0..claim.id.as_bytes().len() {
        let mut bytes = *claim.id.as_bytes();
        bytes[place] ^= 1;
        let mut neighbour = again(&claim)?;
        neighbour.id = crate::record::RecordId::from_bytes(bytes);
        let claimed = world.claimed(&neighbour).await?;
        ensure_eq!(
            claimed.previous,
            Previous::None,
            "what stood in a record whose id differs in byte {place}"
        );
    }
    Ok(())
}
