//! Whether two answers of one request differ in what a caller sees.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::answer::{Answer, AnswerKind};
use crate::idempotency::IdempotencyBuilder;

/// Takes out of an operation's answer what may differ.
type Ignores = dyn Fn(&str, &mut Value) + Send + Sync;

/// What is compared of two answers.
#[derive(Clone, Default)]
pub(crate) struct Drift {
    ignores: Option<Arc<Ignores>>,
}

impl Drift {
    /// Whether they differ; not where one of them is not known. The order of a
    /// JSON object's members tells a caller nothing.
    pub(super) fn is_between(&self, operation: &str, one: &Answer, other: &Answer) -> bool {
        if one == other {
            return false;
        }
        match (one.kind(), other.kind()) {
            (Some(AnswerKind::Tombstone) | None, _) | (_, Some(AnswerKind::Tombstone) | None) => {
                false
            }
            (Some(one_kind), Some(other_kind)) if one_kind != other_kind => true,
            // What cannot be read cannot be compared.
            _ => match (shown(one), shown(other)) {
                (Some(mut one), Some(mut other)) => {
                    if let Some(ignores) = &self.ignores {
                        ignores(operation, &mut one);
                        ignores(operation, &mut other);
                    }
                    one != other
                }
                _ => false,
            },
        }
    }
}

impl IdempotencyBuilder {
    /// What of an answer may differ between two runs of one request without being
    /// replay drift, such as a clock in it. `ignores` is given the operation's name
    /// and the answer of each run, and takes out of it what it does not want compared:
    /// `{"status": 201, "headers": {"location": ["/v1/7"]}, "body": …}` of a handler,
    /// with the headers that are stored; `{"body": …}` of a function. The body is JSON
    /// as such, another text a string, and other bytes a list of numbers; `"body_is"`
    /// says which: `"json"`, `"text"` or `"bytes"`.
    ///
    /// It is called only where two whole answers differ, and what it sees goes nowhere
    /// else.
    ///
    /// ```
    /// use idempotent_runtime::{Idempotency, MemoryStore};
    ///
    /// let idempotency = Idempotency::builder(MemoryStore::new())
    ///     .drift_ignores(|operation, answer| {
    ///         if let ("quotes.create", Some(quote)) = (operation, answer["body"].as_object_mut()) {
    ///             quote.remove("quoted_at");
    ///         }
    ///     })
    ///     .build()?;
    /// # Ok::<(), idempotent_runtime::DurationOutOfRange>(())
    /// ```
    pub fn drift_ignores(
        mut self,
        ignores: impl Fn(&str, &mut Value) + Send + Sync + 'static,
    ) -> Self {
        self.settings.drift.ignores = Some(Arc::new(ignores));
        self
    }
}

/// What a caller sees of an answer.
fn shown(answer: &Answer) -> Option<Value> {
    match answer.kind()? {
        #[cfg(feature = "axum")]
        AnswerKind::Http => crate::http::shown::response(answer),
        _ => Some(with_body(json!({}), &answer.content())),
    }
}

/// Adds the body: JSON by its value, another by the byte.
pub(crate) fn with_body(mut shown: Value, bytes: &[u8]) -> Value {
    let (kind, body) = match serde_json::from_slice(bytes) {
        Ok(json) => ("json", json),
        Err(_) if str::from_utf8(bytes).is_ok() => ("text", exact(bytes)),
        Err(_) => ("bytes", exact(bytes)),
    };
    shown["body_is"] = kind.into();
    shown["body"] = body;
    shown
}

/// Text as it is, and other bytes as numbers.
pub(crate) fn exact(bytes: &[u8]) -> Value {
    match str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => bytes.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Tombstone;

    fn differ(one: &Answer, other: &Answer) -> bool {
        Drift::default().is_between("op", one, other)
    }

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

    #[test]
    fn what_is_ignored_of_an_operation_is_no_difference() {
        let drift = Drift {
            ignores: Some(Arc::new(|operation, answer| {
                if operation == "pay" {
                    answer["body"]["at"] = Value::Null;
                }
            })),
        };
        let (one, other) = (value(r#"{"id":1,"at":3}"#), value(r#"{"id":1,"at":4}"#));
        assert!(!drift.is_between("pay", &one, &other));
        assert!(drift.is_between("refund", &one, &other));
        assert!(drift.is_between("pay", &one, &value(r#"{"id":2,"at":3}"#)));
    }

    #[test]
    fn bodies_that_are_no_json_differ_by_the_byte() {
        let body = |bytes| with_body(json!({}), bytes)["body"].take();
        assert_eq!(body(b"a text"), "a text");
        assert_eq!(body(&[0xff, 0]), json!([0xff, 0]));
        assert_eq!(body(b""), "");
        // The same to look at, and other bytes.
        assert!(differ(&value("\"paid\""), &value("paid")));
        let bytes = [&[AnswerKind::Value as u8][..], &[0xff, 0]].concat();
        assert!(differ(&value("[255,0]"), &Answer::encoded(bytes)));
    }
}
