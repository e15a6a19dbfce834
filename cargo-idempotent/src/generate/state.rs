//! Which requests change state.

use super::Seen;
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
            if last == "graphql" {
                return graphql(one);
            }
            let again = seen.iter().filter(|s| s.case.request == *request);
            let answers: Vec<_> = again.map(|s| s.case.response.as_ref()).collect();
            if answers.len() > 1 && answers.iter().all(|a| *a == answers[0]) {
                let why = "POST; maybe not: the same request was answered the same twice";
                return (true, why.to_owned());
            }
            (true, format!("POST, {said}"))
        }
        method => (false, format!("{method} reads")),
    }
}

/// An operation's first word tells: a mutation may be sent as `query`.
fn graphql(one: &Seen<'_>) -> (bool, String) {
    let json = one.case.request.body.as_json().unwrap_or_default();
    let query = json["query"].as_str().unwrap_or_default().trim_start();
    let mutates = query.starts_with("mutation");
    let word = if mutates { "mutation" } else { "query" };
    (mutates, format!("POST of a GraphQL {word}"))
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
        let mutation = r#"{"query": "mutation { order { id } }"}"#;
        assert!(!changes("POST", "http://h/graphql", query));
        assert!(changes("POST", "http://h/graphql", mutation));
    }
}
