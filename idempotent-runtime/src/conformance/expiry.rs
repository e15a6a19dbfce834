//! The end of a record's life (invariants 3, 4 and 6).

use tokio::time::{Instant, sleep};

use super::expectation::{Checked, Failure, ensure, ensure_eq};
use super::world::{
    LONG, SHORT, SLACK, World, again, answer, differing, fingerprint, first, lease, ttl,
};
use crate::outcome::{Completion, Previous, Release};

pub(super) async fn ends_an_answer(world: World) -> Checked {
    let mut claim = first()?;
    claim.ttl = ttl(SHORT);
    let fence = world.finished(&claim, &answer("old")).await?;
    world.pass(SHORT).await;
    ensure_eq!(
        world.store.inspect(&claim.id).await?,
        None,
        "the record after its ttl"
    );
    // Another request may have the key now, with a life that a busy machine
    // does not outlast.
    let mut later = differing(&claim)?;
    later.ttl = ttl(LONG);
    let claimed = world.claimed(&later).await?;
    ensure!(
        matches!(claimed.previous, Previous::None | Previous::Expired { .. }),
        "what stood before is {:?}",
        claimed.previous
    );
    ensure!(
        claimed.fence > fence,
        "the fence {} does not rise above {fence}",
        claimed.fence
    );
    let completion = world
        .complete(&later, claimed.fence, &answer("new"))
        .await?;
    ensure_eq!(completion, Completion::Stored, "complete after the expiry");
    ensure_eq!(
        world.done(&again(&later)?).await?.answer,
        answer("new"),
        "the answer"
    );
    Ok(())
}

pub(super) async fn ends_abandoned_and_released_records(world: World) -> Checked {
    let mut fences = Vec::new();
    let mut claims = Vec::new();
    for reason in [None, Some(Release::Interrupted), Some(Release::Retry)] {
        let mut claim = first()?;
        (claim.lease, claim.ttl) = (lease(SHORT / 2), ttl(SHORT));
        fences.push(world.claimed(&claim).await?.fence);
        if let Some(reason) = reason {
            world.release(&claim, reason).await?;
        }
        claims.push(claim);
    }
    world.pass(SHORT).await;
    for (claim, fence) in claims.iter().zip(fences) {
        let claimed = world.claimed(&differing(claim)?).await?;
        ensure!(
            matches!(claimed.previous, Previous::None | Previous::Expired { .. }),
            "what stood before is {:?}",
            claimed.previous
        );
        ensure!(
            claimed.fence > fence,
            "the fence {} does not rise above {fence}",
            claimed.fence
        );
    }
    Ok(())
}

/// A late retry shows as such for a tenth of the ttl. Where this machine was
/// too slow to come in time, a longer ttl is tried.
pub(super) async fn shows_a_late_retry(world: World) -> Checked {
    for factor in [4, 8, 16, 32, 64] {
        let life = SHORT * factor;
        let mut claims = Vec::new();
        for _ in 0..2 {
            let mut claim = first()?;
            claim.ttl = ttl(life);
            claims.push(claim);
        }
        let born = Instant::now();
        for claim in &claims {
            world.finished(claim, &answer("old")).await?;
        }
        sleep(life + SLACK / 2).await;
        if world.store.capabilities().sweep {
            // Nothing may go before its grace is over.
            world.store.sweep(1_000).await?;
        }
        let same = again(&claims[0])?;
        let seen = [
            world.claimed(&same).await?.previous,
            world.claimed(&differing(&claims[1])?).await?.previous,
        ];
        let late = born.elapsed();
        match seen {
            [
                Previous::Expired {
                    same_fingerprint: true,
                    ago,
                },
                Previous::Expired {
                    same_fingerprint: false,
                    ..
                },
            ] => {
                ensure!(
                    ago + life <= late + SLACK,
                    "expired {ago:?} ago, {late:?} after its birth"
                );
                return resent_after_the_expiry(&world, &same).await;
            }
            [Previous::None, _] | [_, Previous::None] if late + SLACK / 5 > life + life / 10 => {}
            _ => {
                return Err(Failure::new(format!(
                    "{late:?} after a ttl of {life:?} began, what stood before is {seen:?}"
                )));
            }
        }
    }
    Err(Failure::new(
        "this machine is too slow to come within the grace of any ttl",
    ))
}

async fn resent_after_the_expiry(world: &World, claim: &crate::store::Claim<'_>) -> Checked {
    let again = world.claimed(claim).await?.previous;
    ensure!(
        matches!(
            again,
            Previous::Expired {
                same_fingerprint: true,
                ..
            }
        ),
        "a claim sent again after an expiry learns {again:?}"
    );
    Ok(())
}

/// Short-lived records may not take long-lived ones with them.
pub(super) async fn leaves_others_alone(world: World) -> Checked {
    let mut brief = first()?;
    brief.ttl = ttl(SHORT);
    let lasting = first()?;
    world.finished(&brief, &answer("brief")).await?;
    world.finished(&lasting, &answer("lasting")).await?;
    world.pass(SHORT * 2).await;
    let done = world.done(&again(&lasting)?).await?;
    ensure_eq!(done.answer, answer("lasting"), "the answer");
    ensure_eq!(done.fingerprint, fingerprint(1), "the fingerprint");
    ensure!(
        done.expires_in > LONG / 2,
        "it expires in {:?}",
        done.expires_in
    );
    Ok(())
}
