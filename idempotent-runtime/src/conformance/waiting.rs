//! Waiting for an attempt's end: it may come early, but not be missed.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::expectation::{Checked, ensure};
use super::world::{SHORT, SLACK, World, again, answer, first, short_leased};
use crate::outcome::Release;
use crate::record::State;
use crate::store::Claim;

/// For how long the cases would wait.
const AT_MOST: Duration = Duration::from_secs(20);
/// Within what they must be told: the slowest polling, and a busy machine.
const TOLD: Duration = Duration::from_secs(5);

/// How long it takes until `wait` says that the record may be free.
async fn waited(world: &World, claim: &Claim<'_>) -> Checked<Duration> {
    let started = Instant::now();
    world.store.wait(&claim.id, AT_MOST).await?;
    Ok(started.elapsed())
}

/// Waits, while `end` ends the attempt a while later.
async fn is_told(world: &World, claim: &Claim<'_>, end: impl Future<Output = Checked>) -> Checked {
    let ended = async {
        sleep(SHORT).await;
        end.await
    };
    let (took, ended) = tokio::join!(waited(world, claim), ended);
    ended?;
    let took = took?;
    ensure!(
        took < SHORT + TOLD,
        "it took {took:?} to see an end after {SHORT:?}"
    );
    Ok(())
}

pub(super) async fn ends_with_a_completion(world: World) -> Checked {
    let mut claim = first()?;
    claim.notify = true;
    let fence = world.claimed(&claim).await?.fence;
    let end = async {
        world
            .complete(&claim, fence, &answer("done"))
            .await
            .map(drop)
    };
    is_told(&world, &claim, end).await?;
    world.done(&again(&claim)?).await.map(drop)
}

pub(super) async fn ends_with_a_release(world: World) -> Checked {
    for notify in [true, false] {
        let mut claim = first()?;
        claim.notify = notify;
        world.claimed(&claim).await?;
        let end = async { world.release(&claim, Release::Retry).await.map(drop) };
        is_told(&world, &claim, end).await?;
        world.claimed(&again(&claim)?).await?;
    }
    Ok(())
}

pub(super) async fn ends_with_the_lease(world: World) -> Checked {
    let claim = short_leased()?;
    world.claimed(&claim).await?;
    let took = waited(&world, &claim).await?;
    ensure!(
        took < SHORT + TOLD,
        "it took {took:?} to see a lease of {SHORT:?} run out"
    );
    // It may return a little early; what counts is that it was not missed.
    world.pass(SHORT).await;
    let state = world.view(&claim).await?.state;
    ensure!(state == State::Stuck, "the state is {state:?}");
    Ok(())
}

pub(super) async fn ends_at_its_deadline(world: World) -> Checked {
    let claim = first()?;
    world.claimed(&claim).await?;
    let started = Instant::now();
    world.store.wait(&claim.id, SHORT).await?;
    let took = started.elapsed();
    ensure!(
        took + SLACK >= SHORT && took < SHORT + TOLD,
        "a wait of at most {SHORT:?} for a running record took {took:?}"
    );
    Ok(())
}

pub(super) async fn is_over_where_nothing_runs(world: World) -> Checked {
    let (absent, done, released) = (first()?, first()?, first()?);
    world.finished(&done, &answer("done")).await?;
    world.claimed(&released).await?;
    world.release(&released, Release::Interrupted).await?;
    for claim in [absent, done, released] {
        let took = waited(&world, &claim).await?;
        ensure!(took < TOLD, "it took {took:?} to see that nothing runs");
    }
    Ok(())
}
