//! Witnesses: answer fields in which two runs were seen to differ.

use serde_json::Value;

use super::{Bench, Proved};
use crate::{
    case::{Body, Request, Response, Url, path_segments},
    plan::{Field, leaves},
};

/// C4: candidates become witnesses if two runs differ in them.
pub(super) fn witness(
    bench: &mut Bench<'_>,
    proved: &mut Proved,
    request: &Request,
    a: &Response,
    b: &Response,
) {
    let candidates = &bench.endpoint.witness;
    let own = |f: &&Field| f.of(a).is_none_or(|value| !echoed(request, &value));
    let differs = |f: &&Field| match (f.of(a), f.of(b)) {
        (Some(x), Some(y)) => x != y,
        _ => false,
    };
    proved.witness = candidates
        .iter()
        .filter(own)
        .filter(differs)
        .cloned()
        .collect();
    proved.readable = !proved.witness.is_empty() && readable(bench, request, a);
    let names: Vec<_> = proved.witness.iter().map(ToString::to_string).collect();
    if names.is_empty() {
        let text = "no candidate differed between two runs: answers cannot tell them apart";
        bench.control("C4", false, text);
    } else {
        let read = if proved.readable {
            "; the id can be read later"
        } else {
            ""
        };
        let text = format!("differ between two runs: {}{read}", names.join(", "));
        bench.control("C4", true, text);
    }
}

/// Whether a value is the request's own: two requests differ in it, two runs need not.
fn echoed(request: &Request, value: &str) -> bool {
    let url = Url::parse(&request.url).map_or(String::new(), |u| u.target());
    let in_url = url.split(['/', '?', '&', '=']).any(|part| part == value);
    let in_headers = || {
        request
            .headers
            .0
            .iter()
            .any(|(_, v)| v.trim_matches('"') == value)
    };
    let body = || leaves(&request.body.as_json().unwrap_or_default());
    let text = |leaf: &Value| {
        leaf.as_str()
            .map_or_else(|| leaf.to_string(), str::to_owned)
    };
    in_url || in_headers() || body().iter().any(|(_, leaf)| text(leaf) == value)
}

/// Whether what an answer names can be read: its Location, or its id below the path.
pub(crate) fn readable(bench: &mut Bench<'_>, request: &Request, answer: &Response) -> bool {
    let mut get = request.clone();
    get.method = "GET".into();
    get.body = Body::default();
    let location = answer.headers.get("location").map(str::to_owned);
    let id = Field::body("id").of(answer);
    let path = location
        .filter(|l| l.starts_with('/'))
        .or_else(|| Some(format!("{}/{}", collection(request), id?)));
    let Some(path) = path else {
        return false;
    };
    get.url = format!("{}{path}", bench.target.url);
    bench.send(&get).is_ok_and(|a| a.response.status == 200)
}

/// The path of the endpoint's own resources.
fn collection(request: &Request) -> String {
    let url = Url::parse(&request.url);
    let path = url.map(|u| u.path).unwrap_or_default();
    format!("/{}", path_segments(&path).join("/"))
}

#[cfg(test)]
mod tests {
    use super::echoed;
    use crate::case::{Body, Request};

    #[test]
    fn what_the_request_said_itself_is_no_witness() {
        let mut request = Request {
            method: "POST".into(),
            url: "http://h/payments/p-17/refunds?of=web".into(),
            body: Body::text(r#"{"amount": 10, "note": {"by": "alice"}}"#.to_owned()),
            ..Request::default()
        };
        request.headers.set("Idempotency-Key", "\"k-1\"");
        for value in ["p-17", "web", "10", "alice", "k-1"] {
            assert!(echoed(&request, value), "{value}");
        }
        for value in ["p-1", "1", "r-99"] {
            assert!(!echoed(&request, value), "{value}");
        }
    }
}
