//! Four public sample services' traffic, rebuilt in small, and what was found by hand to
//! be right of it.

mod chains;
mod keys;
mod usable;

use crate::{
    case::{Body, Case, Headers, Request, Response},
    plan::{Endpoint, Plan},
};

/// Method, path, payload, status, answer; a Location stands before the answer, `|` between.
type Exchange = (&'static str, &'static str, &'static str, u16, &'static str);

fn traffic(base: &str, exchanges: &[Exchange]) -> Vec<(String, Case)> {
    let cases = exchanges.iter().zip(1..);
    let case = |((method, path, sent, status, got), number): (&Exchange, usize)| {
        let mut case = Case::new(
            format!("test-{number}"),
            Request {
                method: (*method).to_owned(),
                url: format!("{base}{path}"),
                body: Body::text(*sent),
                ..Request::default()
            },
        );
        let (location, body) = got.split_once('|').unwrap_or(("", got));
        let mut headers = Headers::default();
        if !location.is_empty() {
            headers.set("Location", location);
        }
        case.response = Some(Response {
            status: *status,
            headers,
            body: Body::text(body),
        });
        (format!("{number}.yaml"), case)
    };
    cases.map(case).collect()
}

fn endpoint<'a>(plan: &'a Plan, id: &str) -> &'a Endpoint {
    let found = plan.endpoints.iter().find(|e| e.id == id);
    let ids: Vec<_> = plan.endpoints.iter().map(|e| &e.id).collect();
    found.unwrap_or_else(|| panic!("no `{id}` among {ids:?}"))
}

fn needs(endpoint: &Endpoint) -> Vec<(String, String)> {
    let needs = endpoint.needs.iter();
    needs
        .map(|n| (n.from.clone(), n.take.to_string()))
        .collect()
}

fn pair(from: &str, take: &str) -> (String, String) {
    (from.to_owned(), take.to_owned())
}
