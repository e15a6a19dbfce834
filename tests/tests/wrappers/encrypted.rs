//! What is sealed tells the store nothing, and opens for its own record only.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use idempotent_runtime::store::{Cached, Encrypted, Keyring, StoreError, Unsealed};
use idempotent_runtime::{
    Answer, AnswerKind, Idempotency, MemoryStore, Store, Tombstone, idempotent,
};
use tests::{Account, App, Work, World};

use crate::{answer, claim, complete, done, refused};

#[idempotent(scope = account.0)]
async fn pay(State(app): State<App>, account: Account, _: Bytes) -> Response {
    app.work.run().await
}

/// A process of a service over this store.
fn service(store: impl Store, work: &Work) -> World {
    let app = App {
        idempotency: Idempotency::new(store),
        work: work.clone(),
    };
    let routes = Router::new().route("/pay", post(pay)).with_state(app);
    World::of_functions().routed(routes)
}

fn ring() -> Keyring {
    Keyring::new(1, &[1; 32])
}

/// A store, and the same whose answers are sealed.
fn stores() -> (MemoryStore, Encrypted<MemoryStore>) {
    let store = MemoryStore::new();
    (store.clone(), Encrypted::new(store, ring()))
}

fn corrupt(error: StoreError) -> String {
    match error {
        StoreError::Corrupt { what } => what,
        error => panic!("not corrupt: {error:?}"),
    }
}

#[tokio::test]
async fn the_store_holds_no_plain_text() {
    let (store, encrypted) = stores();
    let secret = "4111-1111-1111-1111".repeat(20);
    complete(&encrypted, &claim(1), &answer(&secret)).await;
    complete(&encrypted, &claim(2), &answer(&secret)).await;

    let [one, two] = [done(&store, &claim(1)).await, done(&store, &claim(2)).await];
    let kept = one.answer.as_bytes();

    assert_eq!(one.answer.kind(), Some(AnswerKind::Sealed));
    for part in answer(&secret).as_bytes().windows(4) {
        assert!(!kept.windows(4).any(|kept| kept == part), "{part:?}");
    }
    assert_ne!(kept[30..], two.answer.as_bytes()[30..], "no two are alike");
    assert_eq!(kept.len(), secret.len() + 1 + 46);
    assert_eq!(done(&encrypted, &claim(1)).await.answer, answer(&secret));
}

#[tokio::test]
async fn a_service_over_it_answers_as_ever() {
    let work = Work::default();
    let encrypted = Encrypted::new(MemoryStore::new(), ring());
    let world = service(Cached::new(encrypted, 1 << 20), &work);
    let ask = || world.post("/pay").key("k").account("alice").send();

    let first = ask().await;
    let retry = ask().await;

    assert_eq!((first.answer(), retry.is_replay()), (retry.answer(), true));
    assert_eq!(work.started(), 1);
}

#[tokio::test]
async fn an_answer_moved_to_another_record_does_not_open() {
    let (store, encrypted) = stores();
    complete(&encrypted, &claim(1), &answer("alice's")).await;
    let moved = done(&store, &claim(1)).await.answer;
    complete(&store, &claim(2), &moved).await;

    let what = corrupt(refused(&encrypted, &claim(2)).await);

    assert!(what.contains(&claim(2).id.to_string()), "{what}");
    assert!(what.contains("another record's"), "{what}");
}

/// But for a tombstone in its place, which has no answer to give.
#[tokio::test]
async fn an_answer_that_was_altered_does_not_open() {
    let (store, encrypted) = stores();
    complete(&encrypted, &claim(0), &answer("5 EUR")).await;
    let sealed = done(&store, &claim(0)).await.answer;
    let mut record = 0;
    for at in 0..sealed.as_bytes().len() {
        for bit in 0..8 {
            let mut altered = sealed.as_bytes().to_vec();
            altered[at] ^= 1 << bit;
            let altered = Answer::from_bytes(altered);
            record += 1;
            complete(&store, &claim(record), &altered).await;
            if altered.kind() == Some(AnswerKind::Tombstone) {
                continue;
            }
            corrupt(refused(&encrypted, &claim(record)).await);
        }
        let cut = Answer::from_bytes(sealed.as_bytes().slice(..at));
        record += 1;
        complete(&store, &claim(record), &cut).await;
        corrupt(refused(&encrypted, &claim(record)).await);
    }
}

#[tokio::test]
async fn what_does_not_open_is_never_run_again() {
    let (store, work) = (MemoryStore::new(), Work::default());
    let over = |ring| service(Encrypted::new(store.clone(), ring), &work);
    let (before, after) = (over(ring()), over(Keyring::new(2, &[2; 32])));
    before.post("/pay").key("k").account("alice").send().await;

    for _ in 0..2 {
        let refused = after.post("/pay").key("k").account("alice").send().await;
        assert_eq!(refused, (503, "store-unavailable"));
        assert!(refused.header("retry-after").is_some());
    }
    assert_eq!(work.started(), 1);
}

#[tokio::test]
async fn tombstones_stay_as_they_are() {
    let (store, encrypted) = stores();
    let tombstone = Answer::tombstone(Tombstone::TooLarge);
    complete(&encrypted, &claim(1), &tombstone).await;
    assert_eq!(done(&store, &claim(1)).await.answer, tombstone);
    assert_eq!(done(&encrypted, &claim(1)).await.answer, tombstone);
}

#[tokio::test]
async fn what_is_not_sealed_is_refused_unless_one_says_so() {
    let (store, strict) = stores();
    let reading = strict.clone().unsealed(Unsealed::Read);
    complete(&store, &claim(1), &answer("from before")).await;

    let what = corrupt(refused(&strict, &claim(1)).await);
    assert!(
        what.contains("no seal") && what.contains("Unsealed::Read"),
        "{what}"
    );
    assert_eq!(
        done(&reading, &claim(1)).await.answer,
        answer("from before")
    );

    complete(&reading, &claim(2), &answer("new")).await;
    let kept = done(&store, &claim(2)).await.answer;
    assert_eq!(kept.kind(), Some(AnswerKind::Sealed));
}

/// The first step of a fleet: it opens what the others will seal.
#[tokio::test]
async fn a_process_may_open_before_it_seals() {
    let (store, strict) = stores();
    let first_step = strict.clone().unsealed(Unsealed::Written);
    complete(&strict, &claim(1), &answer("sealed")).await;
    complete(&first_step, &claim(2), &answer("not yet")).await;

    assert_eq!(done(&first_step, &claim(1)).await.answer, answer("sealed"));
    assert_eq!(done(&store, &claim(2)).await.answer, answer("not yet"));
}

/// A process that was not told of any key: its callers get 409, and no body
/// runs.
#[tokio::test]
async fn without_a_ring_a_sealed_answer_is_not_replayable() {
    let (store, work) = (MemoryStore::new(), Work::default());
    let sealing = service(Encrypted::new(store.clone(), ring()), &work);
    let plain = service(store, &work);
    let ask = |world: &World| world.post("/pay").key("k").account("alice").send();

    assert_eq!(ask(&sealing).await.answer(), (200, "effect 1"));

    assert_eq!(ask(&plain).await, (409, "not-replayable"));
    assert_eq!(work.started(), 1);
}
