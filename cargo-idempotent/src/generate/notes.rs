//! What of the traffic could not be used, said once and with what to do.

use super::{Seen, seen, state};
use crate::{
    case::Case,
    plan::{Endpoint, Field, Plan},
};

/// The lines that `gen` prints below the endpoints.
pub(crate) fn notes(cases: &[(String, Case)], plan: &Plan) -> Vec<String> {
    let seen = seen(cases);
    let mut notes = Vec::new();
    for one in &seen {
        unused(one, &seen, &plan.endpoints, &mut notes);
        noise(one, &mut notes);
    }
    notes
}

/// A request that changes state and is the base of no endpoint, as it was recorded as
/// an error or without its end.
fn unused(one: &Seen<'_>, seen: &[Seen<'_>], endpoints: &[Endpoint], notes: &mut Vec<String>) {
    let method = &one.case.request.method;
    let covered = endpoints.iter().any(|e| {
        let base = seen.iter().find(|s| s.file == e.request.case);
        base.is_some_and(|b| b.route == one.route && b.case.request.method == *method)
    });
    if covered || !state::changes(one, seen).0 {
        return;
    }
    let what = format!("{method} {}", one.route.template);
    if let Some(whole) = one.case.truncated.request {
        notes.push(format!(
            "{what}: {} lacks the end of its body of {whole} bytes: record it with a larger --max-body",
            one.file
        ));
        return;
    }
    let Some(status) = one.case.response.as_ref().map(|r| r.status) else {
        return;
    };
    let mend = match status {
        401 | 403 => "record it with credentials",
        404 | 410 => "it needs setup: what it changes was not there; record it after making that",
        _ => "record one that passes",
    };
    let note = format!("{what}: {} was recorded as {status}: {mend}", one.file);
    // One note a route says it.
    if !notes.iter().any(|n| n.starts_with(&format!("{what}: "))) {
        notes.push(note);
    }
}

/// Noise that names what is not in the answer is a mistake of the recorder.
fn noise(one: &Seen<'_>, notes: &mut Vec<String>) {
    let Some(answer) = &one.case.response else {
        return;
    };
    for path in &one.case.noise {
        let found = path.parse::<Field>().is_ok_and(|f| f.of(answer).is_some());
        if !found {
            notes.push(format!(
                "{}: the noise `{path}` matches nothing in the answer",
                one.file
            ));
        }
    }
}
