//! Where the idempotency key goes.

use super::Seen;
use crate::{
    case::Request,
    plan::{KeyFormat, KeyPlace},
};

const HEADERS: &[&str] = &[
    "Idempotency-Key",
    "X-Idempotency-Key",
    "PayPal-Request-Id",
    "Repeatability-Request-ID",
];

const FIELDS: &[&str] = &["idempotency_key", "client_token", "request_id"];

/// The place that the traffic shows, or the one that the draft names.
pub(super) fn place(one: &Seen<'_>, seen: &[Seen<'_>]) -> (KeyPlace, String) {
    recorded(one, seen).unwrap_or_else(|| {
        let place = KeyPlace {
            header: Some(HEADERS[0].to_owned()),
            body: None,
            format: KeyFormat::Uuid4,
        };
        (place, "none in the traffic; proposed".to_owned())
    })
}

/// The place that the traffic shows: a known header, or a known field that is
/// unique per request. A value that differs between two equal requests is a trace
/// id, not a key.
pub(super) fn recorded(one: &Seen<'_>, seen: &[Seen<'_>]) -> Option<(KeyPlace, String)> {
    let request = &one.case.request;
    if let Some((name, value)) = HEADERS
        .iter()
        .find_map(|name| Some((name, request.headers.get(name)?)))
    {
        let format = if value.starts_with('"') {
            KeyFormat::Quoted
        } else {
            KeyFormat::Uuid4
        };
        let place = KeyPlace {
            header: Some((*name).to_owned()),
            body: None,
            format,
        };
        return Some((place, format!("the traffic has the header {name}")));
    }
    let field = FIELDS.iter().find(|name| {
        let values: Vec<_> = seen
            .iter()
            .filter(|s| s.route == one.route)
            .filter_map(|s| Some((field(&s.case.request, name)?, &s.case.request)))
            .collect();
        let unique = values
            .iter()
            .enumerate()
            .all(|(i, (v, r))| values[..i].iter().all(|(w, q)| v != w || r == q));
        unique && field(request, name).is_some()
    })?;
    let place = KeyPlace {
        header: None,
        body: Some((*field).to_owned()),
        format: KeyFormat::Uuid4,
    };
    let why = format!("the body's field {field} is unique per request");
    Some((place, why))
}

fn field(request: &Request, name: &str) -> Option<String> {
    let json = request.body.as_json()?;
    Some(json.get(name)?.as_str()?.to_owned())
}
