//! A request of the same route that was recorded as an error: what it changed is
//! what provokes the error.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Seen;
use crate::plan::{Field, leaves};

/// The fields in which a failed request differs from the usable one, and why.
pub(super) fn of(one: &Seen<'_>, seen: &[Seen<'_>]) -> Option<(BTreeMap<Field, Value>, String)> {
    let usable = one.case.request.body.as_json()?;
    let usable: BTreeMap<_, _> = leaves(&usable).into_iter().collect();
    seen.iter().find_map(|failed| {
        let same = failed.case.request.method == one.case.request.method
            && failed.route == one.route
            && failed.case.succeeded() == Some(false);
        let json = failed.case.request.body.as_json().filter(|_| same)?;
        let leaves = leaves(&json);
        // A field that is missing there cannot be set: another case may do.
        if usable.keys().any(|k| leaves.iter().all(|(l, _)| l != k)) {
            return None;
        }
        let changed: BTreeMap<_, _> = leaves
            .into_iter()
            .filter(|(path, value)| usable.get(path) != Some(value))
            .map(|(path, value)| (Field::body(&path), value))
            .collect();
        let status = failed.case.response.as_ref()?.status;
        let why = format!("{} was answered {status}", failed.file);
        (!changed.is_empty()).then_some((changed, why))
    })
}
