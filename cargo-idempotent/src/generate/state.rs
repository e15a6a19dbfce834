//! Which requests change state.

use super::{Seen, graphql};
use crate::case::path_segments;

/// Last segments of POSTs that only read.
const READS: &[&str] = &["search", "query", "validate", "preview", "login", "token"];

/// Whether a request changes state, and why.
pub(super) fn changes(one: &Seen<'_>, seen: &[Seen<'_>]) -> (bool, String) {
    let request = &one.case.request;
    let status = one.case.response.as_ref().map(|r| r.status);
    let said = status.map_or("not answered".to_owned(), |s| s.to_string());
    match request.method.as_str() {
        "PUT" | "PATCH" | "DELETE" => (true, format!("{}, {said}", request.method)),
        "POST" => {
            let last = path_segments(&one.url.path).pop().unwrap_or_default();
            if READS.contains(&last) {
                return (false, format!("POST to `{last}`, which reads"));
            }
            if graphql::is(request, last) {
                return graphql(one);
            }
            let again: Vec<_> = seen.iter().filter(|s| s.case.request == *request).collect();
            let answer = |s: &Seen<'_>| s.case.response.clone();
            let same = again.iter().all(|s| answer(s) == answer(again[0]));
            if again.len() > 1 && same && reads_stood_still(again[0], seen) {
                let why = "maybe not: the same request was answered the same twice, and no read \
                           changed; say `false` if it only reads";
                return (true, format!("POST, {said}; {why}"));
            }
            (true, format!("POST, {said}"))
        }
        method => (false, format!("{method} reads")),
    }
}

/// Whether every GET that was sent again after a request was answered as before it.
fn reads_stood_still(first: &Seen<'_>, seen: &[Seen<'_>]) -> bool {
    let at = seen.iter().position(|s| s.file == first.file).unwrap_or(0);
    let (before, after) = seen.split_at(at);
    let get = |s: &&Seen<'_>| s.case.request.method == "GET";
    let body = |s: &Seen<'_>| s.case.response.as_ref().map(|r| r.body.clone());
    after.iter().filter(get).all(|late| {
        let mut early = before.iter().rev().filter(get);
        let early = early.find(|e| e.case.request.url == late.case.request.url);
        early.is_none_or(|e| body(e) == body(late))
    })
}

/// The operation of a GraphQL request.
pub(super) fn operation(one: &Seen<'_>) -> Option<graphql::Operation> {
    let last = path_segments(&one.url.path).pop().unwrap_or_default();
    let is = one.case.request.method == "POST" && graphql::is(&one.case.request, last);
    is.then(|| graphql::operation(&one.case.request)).flatten()
}

/// An operation's own words tell: a mutation is sent as `query` as well.
fn graphql(one: &Seen<'_>) -> (bool, String) {
    let Some(operation) = operation(one) else {
        let why = "maybe: a GraphQL request without its document, as persisted queries are";
        return (true, why.to_owned());
    };
    let name = operation.name.map(|n| format!(" `{n}`"));
    let name = name.unwrap_or_default();
    let why = format!("POST of a GraphQL {}{name}", operation.kind);
    (operation.kind == "mutation", why)
}

#[cfg(test)]
mod tests {
    use super::super::plan;
    use crate::{
        case::{Body, Case, Request},
        plan::Profile,
    };

    fn changes(method: &str, url: &str, body: &str) -> bool {
        let case = Case::new(
            "c",
            Request {
                method: method.to_owned(),
                url: url.to_owned(),
                body: Body::text(body),
                ..Request::default()
            },
        );
        !plan(&[("0001.yaml".into(), case)], Profile::Default)
            .endpoints
            .is_empty()
    }

    #[test]
    fn posts_that_read_are_told_from_posts_that_write() {
        assert!(changes("POST", "http://h/orders", "{}"));
        assert!(!changes("POST", "http://h/orders/search", "{}"));
        assert!(!changes("GET", "http://h/orders", ""));
        let query = r#"{"query": "query { orders { id } }"}"#;
        let mutation = r##"{"query": "# query\n mutation { order { id } }"}"##;
        assert!(!changes("POST", "http://h/graphql", query));
        assert!(changes("POST", "http://h/graphql", mutation));
    }
}
