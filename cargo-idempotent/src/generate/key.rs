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
    if let Some(found) = repeated(one, seen) {
        return Some(found);
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

/// A header of another name, by how it behaves: unique per request, and equal exactly
/// where a request was sent again. At least one repetition has to show it.
fn repeated(one: &Seen<'_>, seen: &[Seen<'_>]) -> Option<(KeyPlace, String)> {
    let same =
        |s: &&Seen<'_>| s.route == one.route && s.case.request.method == one.case.request.method;
    let all: Vec<_> = seen.iter().filter(same).map(|s| &s.case.request).collect();
    let (name, _) = one.case.request.headers.0.iter().find(|(name, _)| {
        let bare = |r: &Request| {
            let mut bare = r.clone();
            bare.headers.remove(name);
            bare
        };
        let (mut again, mut other) = (0, 0);
        let fits = all.iter().enumerate().all(|(i, a)| {
            all[..i].iter().all(|b| {
                let equal = bare(a) == bare(b);
                again += usize::from(equal);
                other += usize::from(!equal);
                let (x, y) = (a.headers.get(name), b.headers.get(name));
                x.is_some() && y.is_some() && (x == y) == equal
            })
        });
        fits && again > 0 && other > 0 && crate::case::secret_name(a_value(one, name)).is_none()
    })?;
    let place = KeyPlace {
        header: Some(name.clone()),
        body: None,
        format: KeyFormat::Uuid4,
    };
    let why = format!("{name} is equal exactly where a request was sent again");
    Some((place, why))
}

fn a_value<'a>(one: &'a Seen<'_>, name: &str) -> &'a str {
    one.case.request.headers.get(name).unwrap_or_default()
}

fn field(request: &Request, name: &str) -> Option<String> {
    let json = request.body.as_json()?;
    Some(json.get(name)?.as_str()?.to_owned())
}
