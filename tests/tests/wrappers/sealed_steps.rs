//! Sealed steps: the store reads none, and none opens where it was not sealed.

use std::slice;

use idempotent_runtime::outcome::{Ownership, Release};
use idempotent_runtime::store::{Claim, Encrypted, Keyring, StoreError, Unsealed};
use idempotent_runtime::{Answer, AnswerKind, MemoryStore, Step, Steps, Store, Tombstone};

use crate::{answer, claim, claimed, refused};

fn ring() -> Keyring {
    Keyring::new(1, &[1; 32])
}

fn stores() -> (MemoryStore, Encrypted<MemoryStore>) {
    let store = MemoryStore::new();
    (store.clone(), Encrypted::new(store, ring()))
}

/// A record whose attempt recorded these steps, and was interrupted.
async fn interrupted(store: &impl Store, claim: &Claim<'_>, steps: &[Step]) {
    let fence = claimed(store, claim).await.fence;
    for step in steps {
        let recorded = store.step(&claim.id, &claim.token, fence, step).await;
        assert_eq!(recorded.expect("an answer"), Ownership::Held);
    }
    let released = store.release(&claim.id, &claim.token, Release::Interrupted);
    assert_eq!(released.await.expect("an answer"), Ownership::Held);
}

/// What the store has of the record, and gives it back as it was.
async fn kept(store: &MemoryStore, record: u64) -> Steps {
    let look = claim(record);
    let steps = claimed(store, &look).await.steps;
    let released = store.release(&look.id, &look.token, Release::Interrupted);
    assert_eq!(released.await.expect("an answer"), Ownership::Held);
    steps
}

#[tokio::test]
async fn the_store_holds_names_and_no_results() {
    let (store, encrypted) = stores();
    let secret = "4111-1111-1111-1111".repeat(20);
    let steps = [
        Step::new("charge", answer(&secret)),
        Step::new("large", Answer::tombstone(Tombstone::TooLarge)),
    ];
    interrupted(&encrypted, &claim(1), &steps).await;

    let sealed = kept(&store, 1).await;
    for part in answer(&secret).as_bytes().windows(4) {
        let mut kept = sealed.as_bytes().windows(4);
        assert!(!kept.any(|kept| kept == part), "{part:?}");
    }
    let read = sealed.read().expect("steps");
    assert_eq!(read[0].name(), "charge");
    assert_eq!(read[0].result().kind(), Some(AnswerKind::Sealed));
    assert_eq!(read[1], steps[1], "a tombstone says nothing of the result");

    let opened = claimed(&encrypted, &claim(1)).await.steps;
    assert_eq!(opened.read().expect("steps"), steps);
}

#[tokio::test]
async fn a_sealed_step_opens_under_its_own_name_and_in_its_own_record_only() {
    let (store, encrypted) = stores();
    interrupted(&encrypted, &claim(1), &[Step::new("charge", answer("1"))]).await;
    let sealed = kept(&store, 1).await.read().expect("steps").remove(0);

    let renamed = Step::new("refund", sealed.result().clone());
    interrupted(&store, &claim(2), slice::from_ref(&renamed)).await;
    corrupt(refused(&encrypted, &claim(2)).await);
    interrupted(&store, &claim(3), slice::from_ref(&sealed)).await;
    corrupt(refused(&encrypted, &claim(3)).await);

    // Within its record, under another name: it opens, and says what it is.
    let again = claim(1);
    let fence = claimed(&store, &again).await.fence;
    let put = store.step(&again.id, &again.token, fence, &renamed);
    assert_eq!(put.await.expect("an answer"), Ownership::Held);
    let released = store.release(&again.id, &again.token, Release::Interrupted);
    released.await.expect("an answer");
    let what = corrupt(refused(&encrypted, &claim(1)).await);
    assert!(
        what.contains("`refund`") && what.contains("another one"),
        "{what}"
    );
}

#[tokio::test]
async fn unsealed_steps_are_read_only_where_it_was_said() {
    let (store, encrypted) = stores();
    let plain = [Step::new("charge", answer("1"))];
    interrupted(&store, &claim(1), &plain).await;
    let what = corrupt(refused(&encrypted, &claim(1)).await);
    assert!(what.contains("has no seal"), "{what}");

    // That claim was made: its attempt is over by now.
    let reading = encrypted.clone().unsealed(Unsealed::Read);
    interrupted(&store, &claim(2), &plain).await;
    let read = claimed(&reading, &claim(2)).await.steps;
    assert_eq!(read.read().expect("steps"), plain);
    let writing = encrypted.unsealed(Unsealed::Written);
    interrupted(&writing, &claim(3), &plain).await;
    assert_eq!(kept(&store, 3).await.read().expect("steps"), plain);
}

fn corrupt(error: StoreError) -> String {
    match error {
        StoreError::Corrupt { what } => what,
        error => panic!("not corrupt: {error:?}"),
    }
}
