//! `Ok` is final and replayed as it was, `Err` releases the key; what cannot
//! be replayed truly becomes a tombstone.

use std::collections::{BTreeMap, HashMap};

use idempotent_runtime::idempotent;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tests::{Refusal, World};

use crate::world;

#[idempotent(store = world.idempotency, key = key, name = "answers.give")]
async fn give<T>(world: &World, key: &str, answer: Result<T, Refusal>) -> Result<T, Refusal>
where
    T: Serialize + DeserializeOwned,
{
    world.work.effect().await;
    answer
}

/// What a first call and a retry get.
async fn twice<T>(answer: T) -> (Result<T, Refusal>, Result<T, Refusal>)
where
    T: Serialize + DeserializeOwned + Clone,
{
    let world = world();
    let first = give(&world, "k", Ok(answer.clone())).await;
    let retry = give(&world, "k", Ok(answer)).await;
    assert_eq!(world.work.started(), 1);
    (first, retry)
}

/// The first call gets the answer, and the retry the tombstone.
async fn entombed<T>(answer: T)
where
    T: Serialize + DeserializeOwned + Clone + std::fmt::Debug + PartialEq,
{
    let (first, retry) = twice(answer).await;
    assert!(first.is_ok(), "{first:?}");
    assert_eq!(retry, Err(Refusal::runtime("not-replayable")));
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Receipt {
    None,
    Number(u128),
    Pair(i64, String),
    Full {
        paid: bool,
        lines: Vec<Option<f64>>,
        by: BTreeMap<u32, char>,
    },
}

#[tokio::test]
async fn ok_is_final_and_a_retry_gets_an_equal_value() {
    let by = BTreeMap::from([(1, 'a'), (2, 'ü')]);
    let lines = vec![Some(0.1), None, Some(-0.0), Some(1e300)];
    for receipt in [
        Receipt::None,
        Receipt::Number(u128::MAX),
        Receipt::Pair(i64::MIN, "line\nline \u{1F980} \"".into()),
        Receipt::Full {
            paid: true,
            lines,
            by,
        },
    ] {
        let (first, retry) = twice(receipt.clone()).await;
        assert_eq!((first, retry), (Ok(receipt.clone()), Ok(receipt)));
    }
}

#[tokio::test]
async fn unit_bytes_and_strings_are_answers() {
    assert_eq!(twice(()).await, (Ok(()), Ok(())));
    let bytes: Vec<u8> = (0..=255).collect();
    assert_eq!(twice(bytes.clone()).await.1, Ok(bytes));
    assert_eq!(twice(String::new()).await.1, Ok(String::new()));
}

#[tokio::test]
async fn every_float_is_replayed_to_the_last_bit() {
    // Some lose a bit to a fast parser.
    let mut floats = vec![f64::MIN_POSITIVE, f64::MAX, 5e-324, 31.245_270_191_439_438];
    let mut bits = 0x9E37_79B9_7F4A_7C15_u64;
    while floats.len() < 1000 {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        floats.extend(Some(f64::from_bits(bits)).filter(|float| float.is_finite()));
    }
    let (_, retry) = twice(floats.clone()).await;
    let bits = |floats: &[f64]| {
        floats
            .iter()
            .map(|float| float.to_bits())
            .collect::<Vec<_>>()
    };
    assert_eq!(bits(&retry.unwrap()), bits(&floats));
}

#[tokio::test]
async fn err_releases_the_key_and_a_retry_runs_again() {
    let world = world();
    let declined: Result<u64, _> = Err(Refusal::declined("no funds"));
    assert_eq!(give(&world, "k", declined.clone()).await, declined);
    assert_eq!(give(&world, "k", declined.clone()).await, declined);
    assert_eq!(give(&world, "k", Ok(7)).await, Ok(7));
    assert_eq!(give(&world, "k", declined).await, Ok(7));
    assert_eq!(world.work.started(), 3);
}

#[tokio::test]
async fn numbers_that_json_cannot_say_become_a_tombstone() {
    let first = give(&world(), "k", Ok(f64::NAN)).await;
    assert!(first.unwrap().is_nan());
    entombed(f64::INFINITY).await;
    entombed(f32::NEG_INFINITY).await;
    // As null they would come back as another answer, not as none.
    entombed(Some(f64::INFINITY)).await;
    entombed(vec![(1, Some(f32::INFINITY))]).await;
    entombed(BTreeMap::from([("rate".to_owned(), Some(f64::INFINITY))])).await;
    entombed(Receipt::Full {
        paid: true,
        lines: vec![Some(f64::INFINITY)],
        by: BTreeMap::new(),
    })
    .await;
}

#[tokio::test]
async fn a_map_whose_keys_are_no_text_becomes_a_tombstone() {
    entombed(HashMap::from([((1, 2), 3)])).await;
    entombed(BTreeMap::from([(vec![1], 2)])).await;
    let (_, retry) = twice(HashMap::from([(1, 2)])).await;
    assert_eq!(retry, Ok(HashMap::from([(1, 2)])));
}

#[tokio::test]
async fn an_answer_that_refuses_to_serialize_becomes_a_tombstone() {
    #[derive(Debug, Clone, PartialEq, Deserialize)]
    struct Refuses;
    impl Serialize for Refuses {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("not today"))
        }
    }
    entombed(Refuses).await;
}

#[tokio::test]
async fn an_answer_over_the_cap_becomes_a_tombstone() {
    let world = World::of_functions_tuned(|builder| builder.max_answer_bytes(100));
    let small = "x".repeat(97);
    for answer in [small.clone(), "x".repeat(98)] {
        let key = answer.len().to_string();
        assert_eq!(give(&world, &key, Ok(answer.clone())).await, Ok(answer));
    }
    assert_eq!(
        give(&world, "97", Ok(small.clone())).await,
        Ok(small.clone())
    );
    let retry = give(&world, "98", Ok(small)).await;
    assert_eq!(retry, Err(Refusal::runtime("not-replayable")));
    assert_eq!(world.work.started(), 2);
}

#[tokio::test]
async fn an_answer_that_no_longer_fits_its_type_is_an_error_and_runs_nothing() {
    let world = world();
    assert_eq!(
        give(&world, "k", Ok("text".to_owned())).await,
        Ok("text".into())
    );
    // As after a release that changed the type.
    let retry = give::<u64>(&world, "k", Ok(1)).await;
    assert_eq!(retry, Err(Refusal::runtime("not-replayable")));
    assert_eq!(world.work.started(), 1);
}

#[tokio::test]
async fn an_answer_takes_its_json_and_one_byte() {
    let world = world();
    let scope = idempotent_runtime::Scope::public();
    let key = idempotent_runtime::Key::new("k").unwrap();
    let id = world.idempotency.record_id("answers.give", &scope, &key);
    give(&world, "k", Ok(1)).await.unwrap();
    let view = world.idempotency.inspect(&id).await.unwrap().unwrap();
    assert_eq!(view.answer_bytes, Some(2), "its kind, and the JSON");
}
