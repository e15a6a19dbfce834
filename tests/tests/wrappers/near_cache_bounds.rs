//! A near cache keeps to its bytes, and what it cannot keep is asked of the
//! store.

use idempotent_runtime::store::Cached;
use idempotent_runtime::{MemoryStore, Store};
use tests::{Scripted, Verb, seconds};
use tokio::time::sleep;

use crate::{answer, claim, complete, done};

const MAX: usize = 1 << 20;

fn stores() -> (Scripted, Cached<Scripted>) {
    let store = Scripted::new(MemoryStore::new());
    (store.clone(), Cached::new(store, MAX))
}

fn text(record: u64, bytes: usize) -> String {
    format!("{record} {}", "x".repeat(bytes))
}

#[tokio::test]
async fn it_keeps_to_its_bytes_and_every_answer_is_right() {
    let (_, cached) = stores();
    for record in 0..2_000 {
        let answer = answer(&text(
            record,
            usize::try_from(record).unwrap() * 7 % 10_000 + 20,
        ));
        complete(&cached, &claim(record), &answer).await;
        assert_eq!(done(&cached, &claim(record)).await.answer, answer);
        assert!(cached.usage().bytes <= MAX, "{:?}", cached.usage());
    }
    for record in 0..2_000 {
        let answer = answer(&text(
            record,
            usize::try_from(record).unwrap() * 7 % 10_000 + 20,
        ));
        assert_eq!(done(&cached, &claim(record)).await.answer, answer);
    }
    let usage = cached.usage();
    assert!(usage.evicted > 1_000 && usage.bytes > MAX / 2, "{usage:?}");
}

#[tokio::test]
async fn an_answer_of_more_than_an_eighth_is_not_kept() {
    let (store, cached) = stores();
    complete(&cached, &claim(1), &answer(&text(1, 1_000))).await;
    complete(&cached, &claim(2), &answer(&text(2, MAX / 8))).await;

    for record in [1, 2, 2, 1] {
        done(&cached, &claim(record)).await;
    }

    assert_eq!(store.count(Verb::Claim), 4, "two first ones, two replays");
    assert_eq!(cached.usage().entries, 1);
}

#[tokio::test]
async fn what_is_asked_for_stays_and_what_is_not_goes() {
    let (store, cached) = stores();
    let answer = answer(&text(0, 1_000));
    complete(&cached, &claim(0), &answer).await;
    for record in 1..5_000 {
        complete(&cached, &claim(record), &answer).await;
        if record % 100 == 0 {
            done(&cached, &claim(0)).await;
        }
    }
    assert_eq!(
        store.count(Verb::Claim),
        5_000,
        "the first was never asked again"
    );
    done(&cached, &claim(1)).await;
    assert_eq!(store.count(Verb::Claim), 5_001);
}

#[tokio::test(start_paused = true)]
async fn the_dead_make_room_before_it_is_needed() {
    let (_, cached) = stores();
    let answer = answer(&text(0, 100));
    for record in 0..1_000 {
        complete(&cached, &claim(record), &answer).await;
    }
    assert_eq!(cached.usage().entries, 1_000);
    sleep(seconds(60)).await;
    for record in 1_000..1_500 {
        complete(&cached, &claim(record), &answer).await;
    }
    let usage = cached.usage();
    assert_eq!((usage.entries, usage.evicted), (500, 0), "{usage:?}");
}

#[tokio::test]
async fn attempts_that_never_complete_are_bounded_too() {
    let (_, cached) = stores();
    for record in 0..10_000 {
        cached.claim(&claim(record)).await.unwrap();
    }
    let usage = cached.usage();
    assert!(usage.bytes <= MAX && usage.entries < 10_000, "{usage:?}");
}
