//! An operator's figures, a stored answer, and cursors that are none.

use super::expectation::{Checked, ensure, ensure_eq};
use super::lists::{listing, of, operation, walk};
use super::world::{SHORT, World, answer, first, lease, short_leased, ttl};
use crate::outcome::Release;
use crate::store::{Cursor, ListedState, Listing, StoreError};

pub(super) async fn an_answer_is_a_done_records(world: World) -> Checked {
    let done = first()?;
    world.finished(&done, &answer("done")).await?;
    ensure_eq!(
        world.store.answer(&done.id).await?,
        Some(answer("done")),
        "the answer"
    );
    let (running, free, mut expired) = (first()?, first()?, short_leased()?);
    world.claimed(&running).await?;
    world.claimed(&free).await?;
    world.release(&free, Release::Retry).await?;
    expired.ttl = ttl(SHORT);
    world.finished(&expired, &answer("expired")).await?;
    world.pass(SHORT).await;
    for (claim, what) in [
        (&running, "a running record's"),
        (&free, "a free record's"),
        (&expired, "an expired record's"),
        (&first()?, "no record's"),
    ] {
        ensure_eq!(world.store.answer(&claim.id).await?, None, "{what} answer");
    }
    Ok(())
}

/// Other cases' records count too, and are there for a while only.
pub(super) async fn they_add_up(world: World) -> Checked {
    for _ in 0..3 {
        world.claimed(&first()?).await?;
        world.finished(&first()?, &answer("done")).await?;
    }
    let mut stuck = first()?;
    stuck.lease = lease(SHORT);
    world.abandoned(&stuck).await?;
    let stats = world.store.stats().await?;
    for (name, count, least) in [
        ("running", stats.running, 4),
        ("stuck", stats.stuck, 1),
        ("done", stats.done, 3),
    ] {
        if let Some(count) = count.filter(|count| count.is_exact) {
            ensure!(
                count.records >= least,
                "{} {name} where there are {least} and more",
                count.records
            );
        }
    }
    if let (Some(running), Some(stuck)) = (stats.running, stats.stuck)
        && running.is_exact
        && stuck.is_exact
    {
        ensure!(
            stuck.records <= running.records,
            "{} of {} running records are stuck",
            stuck.records,
            running.records
        );
    }
    Ok(())
}

/// A cursor comes from outside, and may be of another list.
pub(super) async fn a_foreign_cursor_does_no_harm(world: World) -> Checked {
    let operation = operation()?;
    let (one, two) = (of(&operation)?, of(&operation)?);
    world.claimed(&one).await?;
    world.claimed(&two).await?;
    let mut cursors = Vec::new();
    // As long as the stores' own, and next to that.
    for length in [1, 2, 6, 17, 40, 41, 57, 64] {
        for byte in [0x00, b'E', b'L', b'S', 0x7f, 0xff] {
            let mut bytes = vec![0xff; length];
            bytes[0] = byte;
            cursors.push(bytes.clone());
            bytes[1..].fill(0);
            cursors.push(bytes);
        }
    }
    let own = world
        .store
        .list(&listing(Some(ListedState::Running), &operation, 1))
        .await?;
    cursors.extend(own.next.iter().map(|cursor| cursor.as_bytes().to_vec()));
    for bytes in cursors {
        let Ok(cursor) = Cursor::new(&bytes) else {
            continue;
        };
        for state in [Some(ListedState::Running), Some(ListedState::Done), None] {
            let mut listing: Listing = listing(state, &operation, 1);
            listing.after = Some(cursor.clone());
            match world.store.list(&listing).await {
                Ok(_) | Err(StoreError::ForeignCursor) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    let listed = walk(&world, &listing(Some(ListedState::Running), &operation, 50)).await?;
    ensure_eq!(listed.records.len(), 2, "the records after all that");
    Ok(())
}
