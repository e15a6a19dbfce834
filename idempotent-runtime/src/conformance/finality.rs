//! A done record never changes (invariant 3), whatever its answer looks like.

use std::time::Duration;

use tokio::time::Instant;

use super::expectation::{Checked, ensure, ensure_eq};
use super::world::{LONG, SLACK, World, again, answer, differing, fingerprint, first, lease};
use crate::answer::{Answer, Tombstone};
use crate::outcome::{Completion, Ownership, Release, Winner};
use crate::record::State;

pub(super) async fn nothing_changes_it(world: World) -> Checked {
    let claim = first()?;
    let fence = world.finished(&claim, &answer("final")).await?;
    for other in [claim.clone(), again(&claim)?, differing(&claim)?] {
        world.done(&other).await?;
        ensure_eq!(
            world.extend(&other, lease(LONG)).await?,
            Ownership::Lost,
            "extend"
        );
        for reason in [Release::Retry, Release::Interrupted] {
            ensure_eq!(
                world.release(&other, reason).await?,
                Ownership::Lost,
                "release"
            );
        }
        if other.token != claim.token {
            let completion = world.complete(&other, fence, &answer("forged")).await?;
            ensure_eq!(completion, Completion::Lost(Winner::Done), "complete");
        }
        let done = world.done(&again(&claim)?).await?;
        ensure_eq!(done.answer, answer("final"), "the answer");
        ensure_eq!(done.fingerprint, fingerprint(1), "the fingerprint");
    }
    ensure_eq!(world.view(&claim).await?.fence, fence, "the fence");
    Ok(())
}

pub(super) async fn it_says_its_age_and_its_life(world: World) -> Checked {
    let mut claim = first()?;
    claim.trace = Some([7; 25]);
    let asked = Instant::now();
    let fence = world.claimed(&claim).await?.fence;
    let held = Instant::now();
    world.pass(Duration::from_millis(50)).await;
    let completing = Instant::now();
    world.complete(&claim, fence, &answer("done")).await?;
    let least = held.elapsed();
    let done = world.done(&again(&claim)?).await?;
    let (most, since) = (asked.elapsed(), completing.elapsed());
    ensure!(
        done.age + SLACK >= least && done.age <= most + SLACK,
        "an age of {:?} after {least:?} to {most:?}",
        done.age
    );
    ensure!(
        done.expires_in <= LONG + SLACK && done.expires_in + since + SLACK >= LONG,
        "it expires in {:?}, {since:?} after a ttl of {LONG:?} began",
        done.expires_in
    );
    // A store that keeps no trace gives none, and never another one.
    ensure!(
        done.trace.is_none_or(|trace| trace == [7; 25]),
        "another trace: {:?}",
        done.trace
    );
    Ok(())
}

pub(super) async fn every_byte_comes_back(world: World) -> Checked {
    let every_byte: Vec<u8> = (0..=255).collect();
    for content in [
        vec![],
        vec![0],
        b"\0\r\n'\";--\\%00".to_vec(),
        every_byte.clone(),
        [b"\xff\xfe\xfd".as_slice(), &every_byte].concat(),
    ] {
        // The last kind is one that a later version may write.
        for kind in [1, 2, 3, 200] {
            let answer = Answer::from_bytes([&[kind], content.as_slice()].concat());
            comes_back(&world, &answer).await?;
        }
    }
    Ok(())
}

pub(super) async fn large_answers_come_back(world: World) -> Checked {
    let mut noise = 1_u64;
    let bytes: Vec<u8> = std::iter::repeat_with(|| {
        noise = noise
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        noise.to_be_bytes()[0]
    })
    .take(1 << 20)
    .collect();
    comes_back(
        &world,
        &Answer::from_bytes([&[2], bytes.as_slice()].concat()),
    )
    .await
}

async fn comes_back(world: &World, answer: &Answer) -> Checked {
    let claim = first()?;
    world.finished(&claim, answer).await?;
    let stored = world.done(&again(&claim)?).await?.answer;
    let length = answer.as_bytes().len();
    // Not shown when unequal: a mebibyte is no message.
    ensure!(
        stored == *answer,
        "of {length} bytes, {} came back, or with other values",
        stored.as_bytes().len()
    );
    let view = world.view(&claim).await?;
    ensure_eq!(view.answer_bytes, Some(length as u64), "the answer's size");
    Ok(())
}

pub(super) async fn tombstones_are_kept(world: World) -> Checked {
    for reason in [
        Tombstone::TooLarge,
        Tombstone::Streaming,
        Tombstone::NotSerializable,
        Tombstone::BodyFailed,
    ] {
        let claim = first()?;
        let tombstone = Answer::tombstone(reason);
        world.finished(&claim, &tombstone).await?;
        ensure_eq!(
            world.done(&again(&claim)?).await?.answer,
            tombstone,
            "the tombstone"
        );
        ensure_eq!(
            world.view(&claim).await?.state,
            State::Tombstone,
            "the state"
        );
    }
    Ok(())
}
