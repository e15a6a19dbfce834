//! An operator's lists: each shows what it asks for, page by page, and changes
//! nothing. Other cases' records lie in between; so each case lists an
//! operation of its own.

use std::mem::discriminant;

use super::expectation::{Checked, Failure, ensure, ensure_eq};
use super::world::{LONG, SHORT, World, again, answer, first, lease, token, ttl};
use crate::answer::{Answer, Tombstone};
use crate::outcome::{Operated, Release};
use crate::record::{RecordId, RecordView, State};
use crate::store::{Claim, ListedState, Listing, Page};

/// No list of a few records among those of other cases has more pages.
const MOST_PAGES: usize = 10_000;

pub(super) async fn show_what_is_in_the_state(world: World) -> Checked {
    let operation = operation()?;
    let (mut running, mut stuck) = (of(&operation)?, of(&operation)?);
    running.trace = Some([9; 25]);
    stuck.lease = lease(SHORT);
    let (retry, interrupted) = (of(&operation)?, of(&operation)?);
    let (done, tombstone) = (of(&operation)?, of(&operation)?);
    world.claimed(&running).await?;
    world.abandoned(&stuck).await?;
    for (claim, reason) in [
        (&retry, Release::Retry),
        (&interrupted, Release::Interrupted),
    ] {
        world.claimed(claim).await?;
        world.release(claim, reason).await?;
    }
    world.finished(&done, &answer("done")).await?;
    let too_large = Answer::tombstone(Tombstone::TooLarge);
    world.finished(&tombstone, &too_large).await?;

    for (state, expected) in [
        (Some(ListedState::Running), vec![&running]),
        (Some(ListedState::Stuck), vec![&stuck]),
        (Some(ListedState::Free), vec![&retry, &interrupted]),
        (Some(ListedState::Done), vec![&done, &tombstone]),
        (
            None,
            vec![&running, &stuck, &retry, &interrupted, &done, &tombstone],
        ),
    ] {
        let listed = walk(&world, &listing(state, &operation, 50)).await?;
        same_ids(&listed, &expected, &format!("in state {state:?}"))?;
        for claim in expected {
            let shown = listed.records.iter().find(|view| view.id == claim.id);
            is_the_view(shown, &world.view(claim).await?)?;
        }
    }
    Ok(())
}

pub(super) async fn are_of_one_operation(world: World) -> Checked {
    let (one, other) = (operation()?, operation()?);
    let (mine, another) = (of(&one)?, of(&other)?);
    world.claimed(&mine).await?;
    world.claimed(&another).await?;
    for state in [Some(ListedState::Running), None] {
        let listed = walk(&world, &listing(state, &one, 50)).await?;
        same_ids(&listed, &[&mine], "of the operation")?;
        let listed = walk(&world, &listing(state, &operation()?, 50)).await?;
        same_ids(&listed, &[], "of an operation without records")?;
        let mut all = listing(state, "", 50);
        all.operation = None;
        let listed = walk(&world, &all).await?;
        for claim in [&mine, &another] {
            let is_there = listed.records.iter().any(|view| view.id == claim.id);
            ensure!(is_there, "a list of all operations lacks {}", claim.id);
        }
    }
    Ok(())
}

pub(super) async fn show_every_record(world: World) -> Checked {
    let operation = operation()?;
    let mut running = Vec::new();
    let mut done = Vec::new();
    for number in 0..12 {
        let longer = LONG + std::time::Duration::from_secs(60 * number);
        let mut claim = of(&operation)?;
        claim.lease = lease(longer);
        world.claimed(&claim).await?;
        running.push(claim);
        let mut claim = of(&operation)?;
        claim.ttl = ttl(longer);
        world.finished(&claim, &answer("done")).await?;
        done.insert(0, claim);
    }
    for (state, expected) in [(ListedState::Running, running), (ListedState::Done, done)] {
        let expected: Vec<_> = expected.iter().collect();
        for limit in [5, 50] {
            let listed = walk(&world, &listing(Some(state), &operation, limit)).await?;
            same_ids(&listed, &expected, &format!("{limit} at a time"))?;
            if listed.is_ordered {
                let shown: Vec<_> = listed.records.iter().map(|view| view.id).collect();
                let order: Vec<_> = expected.iter().map(|claim| claim.id).collect();
                ensure_eq!(shown, order, "the order of a list of {state:?}");
            }
        }
    }
    Ok(())
}

pub(super) async fn show_no_expired_record(world: World) -> Checked {
    let operation = operation()?;
    let (mut running, mut done) = (of(&operation)?, of(&operation)?);
    (running.lease, running.ttl) = (lease(SHORT), ttl(SHORT));
    done.ttl = ttl(SHORT);
    let lives = of(&operation)?;
    world.finished(&done, &answer("done")).await?;
    world.abandoned(&running).await?;
    world.finished(&lives, &answer("lives")).await?;
    for (state, expected) in [
        (Some(ListedState::Running), vec![]),
        (Some(ListedState::Stuck), vec![]),
        (Some(ListedState::Done), vec![&lives]),
        (None, vec![&lives]),
    ] {
        let listed = walk(&world, &listing(state, &operation, 50)).await?;
        same_ids(&listed, &expected, "among expired ones")?;
    }
    Ok(())
}

pub(super) async fn go_on_where_records_move(world: World) -> Checked {
    let operation = operation()?;
    let mut claims = Vec::new();
    for _ in 0..8 {
        let claim = of(&operation)?;
        let fence = world.claimed(&claim).await?.fence;
        claims.push((claim, fence));
    }
    let listing = listing(Some(ListedState::Running), &operation, 2);
    let page = world.store.list(&listing).await?;
    let shown = |id: &RecordId| page.records.iter().any(|view| view.id == *id);
    // Both that were shown and some that were not end, in each way there is.
    for (number, (claim, fence)) in claims.iter().enumerate().take(6) {
        match number % 3 {
            0 => drop(world.complete(claim, *fence, &answer("done")).await?),
            1 => drop(world.release(claim, Release::Retry).await?),
            _ => {
                world.complete(claim, *fence, &answer("gone")).await?;
                let forgotten = world.store.forget(&claim.id, *fence).await?;
                ensure_eq!(forgotten, Operated::Applied, "forget");
            }
        }
    }
    let mut rest = listing.clone();
    rest.after.clone_from(&page.next);
    let listed = match &page.next {
        Some(_) => walk(&world, &rest).await?,
        None => Page::default(),
    };
    for (claim, _) in &claims[6..] {
        let is_there = shown(&claim.id) || listed.records.iter().any(|view| view.id == claim.id);
        ensure!(is_there, "a record that still runs is on no page");
    }
    Ok(())
}

pub(super) async fn change_nothing(world: World) -> Checked {
    let operation = operation()?;
    let (running, done) = (of(&operation)?, of(&operation)?);
    world.claimed(&running).await?;
    world.finished(&done, &answer("done")).await?;
    let before = [world.view(&running).await?, world.view(&done).await?];
    for state in [Some(ListedState::Running), Some(ListedState::Done), None] {
        walk(&world, &listing(state, &operation, 1)).await?;
    }
    world.store.stats().await?;
    world.store.answer(&done.id).await?;
    for (claim, before) in [&running, &done].into_iter().zip(before) {
        let after = world.view(claim).await?;
        ensure!(
            after.expires_in <= before.expires_in,
            "the record's life grew from {:?} to {:?}",
            before.expires_in,
            after.expires_in
        );
        is_the_view(Some(&after), &before)?;
    }
    world.running(&again(&running)?).await?;
    ensure_eq!(
        world.done(&again(&done)?).await?.answer,
        answer("done"),
        "the answer"
    );
    Ok(())
}

/// An operation that no other case has.
pub(super) fn operation() -> Checked<String> {
    Ok(format!("list of {:02x?}", token()?.as_bytes()))
}

pub(super) fn of(operation: &str) -> Checked<Claim<'_>> {
    let mut claim: Claim<'_> = first()?;
    claim.operation = operation;
    Ok(claim)
}

pub(super) fn listing(state: Option<ListedState>, operation: &str, limit: u16) -> Listing {
    Listing {
        state,
        operation: Some(operation.to_owned()),
        limit,
        ..Listing::first()
    }
}

/// All pages from `listing` on, as one; ordered if each of them was.
pub(super) async fn walk(world: &World, listing: &Listing) -> Checked<Page> {
    let mut listing = listing.clone();
    let mut whole = Page {
        is_ordered: true,
        ..Page::default()
    };
    for _ in 0..MOST_PAGES {
        let page = world.store.list(&listing).await?;
        ensure!(
            page.records.len() <= usize::from(listing.limit),
            "{} records on a page of {}",
            page.records.len(),
            listing.limit
        );
        whole.is_ordered &= page.is_ordered;
        whole.records.extend(page.records);
        if page.next.is_none() {
            return Ok(whole);
        }
        listing.after = page.next;
    }
    Err(Failure::new(format!(
        "a list does not end after {MOST_PAGES} pages"
    )))
}

/// Each once, or at least once where there is no order.
fn same_ids(listed: &Page, expected: &[&Claim<'_>], what: &str) -> Checked {
    let mut shown: Vec<_> = listed.records.iter().map(|view| view.id).collect();
    let mut ids: Vec<_> = expected.iter().map(|claim| claim.id).collect();
    shown.sort_unstable();
    ids.sort_unstable();
    if !listed.is_ordered {
        shown.dedup();
    }
    ensure_eq!(shown, ids, "the records {what}");
    Ok(())
}

/// What a list shows of a record is what a view of it shows.
fn is_the_view(shown: Option<&RecordView>, view: &RecordView) -> Checked {
    let Some(shown) = shown else {
        return Err(Failure::new("the record is not listed"));
    };
    let of = |view: &RecordView| {
        // Which of both it is may only stand in the answer, which no list reads.
        let state = match view.state {
            State::Tombstone => discriminant(&State::Done),
            state => discriminant(&state),
        };
        let fields = (view.fence, view.fingerprint, view.attempts, view.trace);
        (
            view.id,
            state,
            fields,
            view.operation.clone(),
            view.owner.clone(),
        )
    };
    ensure_eq!(of(shown), of(view), "what the list shows");
    ensure!(
        shown.answer_bytes.is_none() || shown.answer_bytes == view.answer_bytes,
        "the answer's size {:?} instead of {:?}",
        shown.answer_bytes,
        view.answer_bytes
    );
    Ok(())
}
