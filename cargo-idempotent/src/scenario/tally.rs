//! Answers counted and compared.

use std::collections::BTreeMap;

use crate::{case::Response, plan::Field};

/// `201 ×2, 409 ×6`.
pub(super) fn statuses<'a>(answers: impl IntoIterator<Item = &'a Response>) -> String {
    let mut counts = BTreeMap::new();
    for answer in answers {
        *counts.entry(answer.status).or_insert(0) += 1;
    }
    let each: Vec<_> = counts.iter().map(|(s, n)| format!("{s} ×{n}")).collect();
    each.join(", ")
}

pub(super) fn good(answer: &Response) -> bool {
    (200..300).contains(&answer.status)
}

/// The first witness field in which two answers differ.
pub(super) fn differ<'a>(witness: &'a [Field], a: &Response, b: &Response) -> Option<&'a Field> {
    witness.iter().find(|f| match (f.of(a), f.of(b)) {
        (Some(x), Some(y)) => x != y,
        _ => false,
    })
}
