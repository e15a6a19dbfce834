//! Witnesses: answer fields in which two runs were seen to differ.

use super::{Bench, Proved};
use crate::{
    case::{Body, Request, Response, Url, path_segments},
    plan::Field,
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
    let differs = |f: &&Field| match (f.of(a), f.of(b)) {
        (Some(x), Some(y)) => x != y,
        _ => false,
    };
    proved.witness = candidates.iter().filter(differs).cloned().collect();
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
