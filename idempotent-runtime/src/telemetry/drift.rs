//! Whether two answers of one request differ in what a caller sees.

use serde_json::Value;

use crate::answer::{Answer, AnswerKind};

/// Whether they differ; not where one of them is not known. The order of a
/// JSON object's members tells a caller nothing.
pub(super) fn differ(one: &Answer, other: &Answer) -> bool {
    if one == other {
        return false;
    }
    match (one.kind(), other.kind()) {
        (Some(AnswerKind::Tombstone) | None, _) | (_, Some(AnswerKind::Tombstone) | None) => false,
        (Some(one_kind), Some(other_kind)) if one_kind != other_kind => true,
        #[cfg(feature = "axum")]
        (Some(AnswerKind::Http), _) => !crate::http::same::responses(one, other),
        _ => !same_json(&one.content(), &other.content()),
    }
}

/// Whether two texts are the same JSON; other texts are the same by the byte.
pub(crate) fn same_json(one: &[u8], other: &[u8]) -> bool {
    let parsed = |text| serde_json::from_slice::<Value>(text).ok();
    one == other || parsed(one).is_some_and(|one| parsed(other) == Some(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Tombstone;

    fn value(json: &str) -> Answer {
        let mut bytes = vec![AnswerKind::Value as u8];
        bytes.extend_from_slice(json.as_bytes());
        Answer::encoded(bytes)
    }

    #[test]
    fn members_in_another_order_are_no_difference_and_other_values_are() {
        let paid = value(r#"{"id":1,"by":"alice"}"#);
        assert!(!differ(&paid, &value(r#"{"by":"alice","id":1}"#)));
        assert!(differ(&paid, &value(r#"{"by":"alice","id":2}"#)));
        assert!(!differ(&paid, &Answer::tombstone(Tombstone::TooLarge)));
    }
}
