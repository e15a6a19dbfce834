//! A thousand that wait ask as often as one, and an end here is told at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::*;
use crate::answer::Answer;
use crate::fingerprint::Fingerprint;
use crate::lease::{Fence, Lease, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Ownership, Release};
use crate::record::{RecordView, State};
use crate::store::{Claim, StoreFuture};

const ID: RecordId = RecordId::from_bytes([7; 32]);
const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_hours(1);

/// A store of one record that runs until it is said to have ended, by another
/// process as it were.
#[derive(Default)]
struct Asked {
    has_ended: AtomicBool,
    times: AtomicUsize,
}

impl Store for Asked {
    fn inspect<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<RecordView>> {
        self.times.fetch_add(1, SeqCst);
        let state = if self.has_ended.load(SeqCst) {
            State::Done
        } else {
            State::Running { remaining: HOUR }
        };
        let view = RecordView::new(*id, state, Fence::new(1), Fingerprint::none());
        StoreFuture::ready(Ok(Some(view)))
    }

    fn claim<'a>(&'a self, _: &'a Claim<'a>) -> StoreFuture<'a, ClaimOutcome> {
        StoreFuture::unsupported("claim")
    }

    fn extend<'a>(&'a self, _: &'a [(RecordId, Token, Lease)]) -> StoreFuture<'a, Vec<Ownership>> {
        StoreFuture::unsupported("extend")
    }

    fn complete<'a>(
        &'a self,
        _: &'a RecordId,
        _: &'a Token,
        _: Fence,
        _: &'a Answer,
        _: Ttl,
    ) -> StoreFuture<'a, Completion> {
        StoreFuture::unsupported("complete")
    }

    fn release<'a>(
        &'a self,
        _: &'a RecordId,
        _: &'a Token,
        _: Release,
    ) -> StoreFuture<'a, Ownership> {
        StoreFuture::unsupported("release")
    }
}

#[tokio::test(start_paused = true)]
async fn an_end_in_this_process_is_told_at_once() {
    let (store, rooms) = (Asked::default(), Rooms::default());
    let started = Instant::now();
    let end = async {
        sleep(10 * SECOND).await;
        rooms.ended(&ID);
    };
    let (waited, ()) = tokio::join!(rooms.wait(&store, &ID, HOUR), end);
    waited.unwrap();
    // Asking would have gone on: the store says that it runs.
    assert_eq!(started.elapsed(), 10 * SECOND);
    assert!(rooms.rooms().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_thousand_ask_as_often_as_one() {
    let world = Arc::new((Asked::default(), Rooms::default()));
    let mut waiters = JoinSet::new();
    for _ in 0..1000 {
        let world = Arc::clone(&world);
        waiters.spawn(async move { world.1.wait(&world.0, &ID, HOUR).await.unwrap() });
    }
    sleep(10 * SECOND).await;
    let times = world.0.times.load(SeqCst);
    assert!(times <= 10_000 / 125 + 10, "asked {times} times in 10 s");
    assert!(waiters.try_join_next().is_none());
    world.0.has_ended.store(true, SeqCst);
    let ended = timeout(SECOND / 4 + SECOND / 100, waiters.join_all()).await;
    assert_eq!(ended.expect("all are told").len(), 1000);
    assert!(world.1.rooms().is_empty());
}

#[tokio::test(start_paused = true)]
async fn when_the_one_who_asks_leaves_another_asks() {
    let (store, rooms) = (Asked::default(), Rooms::default());
    let started = Instant::now();
    let timed = async { (rooms.wait(&store, &ID, HOUR).await, started.elapsed()) };
    let end = async {
        sleep(2 * SECOND).await;
        store.has_ended.store(true, SeqCst);
    };
    let (left, (stayed, took), ()) = tokio::join!(rooms.wait(&store, &ID, SECOND), timed, end);
    left.unwrap();
    stayed.unwrap();
    assert!(took >= 2 * SECOND && took < 3 * SECOND, "{took:?}");
}
