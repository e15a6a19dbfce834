//! Keys change while answers live.

use idempotent_runtime::store::{Encrypted, Keyring, StoreError};
use idempotent_runtime::{MemoryStore, Store};

use crate::{answer, claim, complete, done, refused};

const OLD: [u8; 32] = [1; 32];
const NEW: [u8; 32] = [2; 32];

#[tokio::test]
async fn every_step_of_a_rotation_reads_its_neighbours_answers() {
    let store = MemoryStore::new();
    let both = |first: (u32, &[u8; 32]), second: (u32, &[u8; 32])| {
        Keyring::new(first.0, first.1)
            .and(second.0, second.1)
            .unwrap()
    };
    let steps = [
        Keyring::new(1, &OLD),
        both((1, &OLD), (2, &NEW)),
        both((2, &NEW), (1, &OLD)),
        Keyring::new(2, &NEW),
    ];
    let steps = steps.map(|ring| Encrypted::new(store.clone(), ring));
    for (number, step) in (0..).zip(&steps) {
        complete(step, &claim(number), &answer(&number.to_string())).await;
    }
    for (writer, reader) in [
        (0, 1),
        (1, 0),
        (1, 2),
        (2, 1),
        (2, 3),
        (3, 2),
        (0, 2),
        (3, 1),
    ] {
        let read = done(&steps[reader], &claim(writer)).await;
        assert_eq!(
            read.answer,
            answer(&writer.to_string()),
            "{writer} by {reader}"
        );
    }
}

#[tokio::test]
async fn a_missing_key_is_named() {
    let store = MemoryStore::new();
    complete(
        &Encrypted::new(store.clone(), Keyring::new(7, &OLD)),
        &claim(1),
        &answer("x"),
    )
    .await;
    let ring = Keyring::new(8, &NEW).and(9, &OLD).unwrap();

    let error = refused(&Encrypted::new(store, ring), &claim(1)).await;

    let StoreError::Corrupt { what } = error else {
        panic!("{error:?}");
    };
    assert!(
        what.contains("needs key 7, and this keyring has 8, 9"),
        "{what}"
    );
    assert!(what.contains(&claim(1).id.to_string()), "{what}");
}

#[tokio::test]
async fn another_key_under_the_same_id_opens_nothing() {
    let store = MemoryStore::new();
    complete(
        &Encrypted::new(store.clone(), Keyring::new(1, &OLD)),
        &claim(1),
        &answer("x"),
    )
    .await;

    let error = refused(&Encrypted::new(store, Keyring::new(1, &NEW)), &claim(1)).await;

    let StoreError::Corrupt { what } = error else {
        panic!("{error:?}");
    };
    assert!(what.contains("does not open with key 1"), "{what}");
}

#[test]
fn an_id_is_one_keys_only() {
    let error = Keyring::new(1, &OLD).and(1, &NEW).unwrap_err();
    assert!(error.to_string().contains("the id 1"), "{error}");
}

#[test]
fn keys_show_in_no_debug() {
    let ring = Keyring::new(3, &[0xab; 32]).and(5, &[0xcd; 32]).unwrap();
    assert_eq!(format!("{ring:?}"), "Keyring [3, 5]");
    let shown = format!("{:?}", Encrypted::new(MemoryStore::new(), ring));
    assert!(shown.contains("Keyring [3, 5]"), "{shown}");
    assert!(
        !shown.contains("171") && !shown.to_lowercase().contains("abab"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_view_tells_the_answers_own_size() {
    let encrypted = Encrypted::new(MemoryStore::new(), Keyring::new(1, &OLD));
    complete(&encrypted, &claim(1), &answer("four")).await;
    let view = encrypted.inspect(&claim(1).id).await.unwrap().unwrap();
    assert_eq!(view.answer_bytes, Some(5));
}
