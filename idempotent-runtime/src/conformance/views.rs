//! What an operator sees of a record in each of its states.

use super::expectation::{Checked, ensure, ensure_eq};
use super::world::{
    LONG, OPERATION, OWNER, SHORT, SLACK, World, again, answer, fingerprint, first, short_leased,
};
use crate::outcome::Release;
use crate::record::{RecordView, State};
use crate::store::Claim;

pub(super) async fn of_no_record(world: World) -> Checked {
    let view = world.store.inspect(&first()?.id).await?;
    ensure_eq!(view, None, "a record that was never claimed");
    Ok(())
}

pub(super) async fn of_a_running_record(world: World) -> Checked {
    let mut claim = first()?;
    claim.trace = Some([9; 25]);
    let fence = world.claimed(&claim).await?.fence;
    let view = world.view(&claim).await?;
    let State::Running { remaining } = view.state else {
        ensure!(false, "the state is {:?}", view.state);
        return Ok(());
    };
    ensure!(
        remaining <= LONG && remaining > LONG / 2,
        "{remaining:?} remain of a lease of {LONG:?}"
    );
    ensure_eq!(view.fence, fence, "the fence");
    ensure_eq!(view.attempts, 1, "the attempts");
    ensure_eq!(view.answer_bytes, None, "the answer's size");
    ensure!(
        view.trace.is_none_or(|trace| trace == [9; 25]),
        "the trace {:?}",
        view.trace
    );
    consists(&claim, &view)
}

pub(super) async fn of_a_stuck_record(world: World) -> Checked {
    let claim = short_leased()?;
    world.abandoned(&claim).await?;
    let view = world.view(&claim).await?;
    ensure_eq!(view.state, State::Stuck, "the state");
    ensure!(
        view.age + SLACK >= SHORT,
        "an age of {:?} after {SHORT:?}",
        view.age
    );
    consists(&claim, &view)
}

pub(super) async fn of_a_released_record(world: World) -> Checked {
    for reason in [Release::Retry, Release::Interrupted] {
        let claim = first()?;
        let fence = world.claimed(&claim).await?.fence;
        world.release(&claim, reason).await?;
        let view = world.view(&claim).await?;
        ensure_eq!(view.state, State::Free(reason), "the state");
        ensure_eq!(view.fence, fence, "the fence is kept");
        ensure_eq!(view.attempts, 1, "the attempts are kept");
        consists(&claim, &view)?;
    }
    Ok(())
}

pub(super) async fn of_a_done_record(world: World) -> Checked {
    let claim = first()?;
    let fence = world.finished(&claim, &answer("done")).await?;
    let view = world.view(&claim).await?;
    ensure_eq!(view.state, State::Done, "the state");
    ensure_eq!(view.fence, fence, "the fence");
    ensure_eq!(
        view.answer_bytes,
        Some(5),
        "the answer's size, its kind included"
    );
    consists(&claim, &view)
}

pub(super) async fn counts_attempts(world: World) -> Checked {
    let one = first()?;
    world.claimed(&one).await?;
    world.release(&one, Release::Retry).await?;
    let two = again(&one)?;
    world.claimed(&two).await?;
    world.claimed(&two).await?;
    ensure_eq!(
        world.view(&two).await?.attempts,
        2,
        "a claim sent again is no attempt"
    );
    world.release(&two, Release::Interrupted).await?;
    world.claimed(&again(&one)?).await?;
    ensure_eq!(world.view(&one).await?.attempts, 3, "the attempts");
    Ok(())
}

/// What every view of a living record says.
fn consists(claim: &Claim<'_>, view: &RecordView) -> Checked {
    ensure_eq!(view.id, claim.id, "the id");
    ensure_eq!(view.fingerprint, fingerprint(1), "the fingerprint");
    ensure!(
        view.expires_in <= LONG + SLACK && view.expires_in > LONG / 2,
        "it expires in {:?} of a ttl of {LONG:?}",
        view.expires_in
    );
    // A store that keeps no names shows none, and never another's.
    ensure!(
        ["", OPERATION].contains(&&*view.operation),
        "the operation {}",
        view.operation
    );
    ensure!(
        ["", OWNER].contains(&&*view.owner),
        "the owner {}",
        view.owner
    );
    Ok(())
}
