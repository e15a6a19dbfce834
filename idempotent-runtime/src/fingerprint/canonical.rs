//! A declared fingerprint is of the value, not of the order of its maps.

use proptest::prelude::*;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Fingerprint;

/// A value whose maps are serialized in the order of its entries, or from the
/// last to the first.
struct Ordered<'a> {
    value: &'a Value,
    backward: bool,
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { backward, .. } = *self;
        let of = |value| Ordered { value, backward };
        match self.value {
            Value::Object(entries) => {
                let mut entries: Vec<_> = entries.iter().collect();
                if backward {
                    entries.reverse();
                }
                let mut map = serializer.serialize_map(None)?;
                for (name, value) in entries {
                    map.serialize_entry(name, &of(value))?;
                }
                map.end()
            }
            Value::Array(items) => {
                let mut seq = serializer.serialize_seq(None)?;
                for value in items {
                    seq.serialize_element(&of(value))?;
                }
                seq.end()
            }
            leaf => leaf.serialize(serializer),
        }
    }
}

/// Small values of few leaves, so that equal and nearly equal ones meet.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2..3_i64).prop_map(Value::from),
        prop::sample::select(vec![0.0, -0.0, 1.0, 1.5, 1e300]).prop_map(Value::from),
        "[ab01]{0,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[ab]{0,2}", inner, 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_order_of_a_map_is_no_difference(value in value()) {
        let of = |backward| Fingerprint::of(&Ordered { value: &value, backward }).unwrap();
        prop_assert_eq!(of(false), of(true));
        prop_assert_eq!(of(false), Fingerprint::of(&value).unwrap());
    }

    #[test]
    fn what_differs_otherwise_differs(one in value(), other in value()) {
        // -0.0 and 0.0 are equal to Rust; their texts are not.
        let texts = [one.to_string(), other.to_string()];
        let equal = Fingerprint::of(&one).unwrap() == Fingerprint::of(&other).unwrap();
        prop_assert_eq!(equal, texts[0] == texts[1]);
    }

    #[test]
    fn what_encloses_a_value_counts(value in value()) {
        let of = |value: &Value| Fingerprint::of(value).unwrap();
        prop_assert_ne!(of(&value), of(&Value::from(vec![value.clone()])));
        prop_assert_ne!(of(&value), of(&serde_json::json!({ "": value })));
        prop_assert_ne!(of(&value), of(&Value::from(value.to_string())));
    }
}
