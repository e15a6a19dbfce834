//! The demo's traffic: a scripted client whose requests are recorded as cases, and
//! what its user would add to the plan made of them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    case::{Body, Case, Headers, Request, Source},
    net::{Target, encode, exchange},
    plan::{Field, Ledger, Plan},
};

/// Sends the client's requests, and records what passed.
pub(crate) fn record(url: &str) -> Result<Vec<Case>, String> {
    let target = Target::resolve(url, None)?;
    let payment = |card: &str| json!({ "amount": 100, "card": card });
    let mut cases = Vec::new();
    let mut say = |name: &str, method: &str, path: &str, body: Value| {
        let mut headers = vec![("Authorization".to_owned(), "Bearer alice".to_owned())];
        if !body.is_null() {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        if method == "POST" {
            let key = format!("recorded-{}", cases.len());
            headers.push(("Idempotency-Key".to_owned(), key));
        }
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let request = Request {
            method: method.to_owned(),
            url: format!("{url}{path}"),
            headers: Headers(headers),
            body: Body::text(text),
        };
        let answer = exchange(&target, &encode(&request, &target.authority))?;
        let mut case = Case::new(
            name,
            Request {
                headers: Headers::of_request(request.headers.0),
                ..request
            },
        );
        case.source = Source {
            format: "demo".to_owned(),
            ..Source::default()
        };
        let mut response = answer.response;
        response.headers = Headers::of_response(response.headers.0);
        let body = response.body.as_json().unwrap_or_default();
        case.response = Some(response);
        cases.push(case);
        Ok::<_, String>(body)
    };
    let paid = say("pay", "POST", "/v1/payments", payment("tok_visa"))?;
    let id = paid["id"].as_str().unwrap_or_default();
    say("read", "GET", &format!("/v1/payments/{id}"), Value::Null)?;
    say("list", "GET", "/v1/payments", Value::Null)?;
    say("declined", "POST", "/v1/payments", payment("tok_declined"))?;
    let limit = json!({ "limit": 500 });
    say("limit", "PUT", "/v1/settings/limit", limit)?;
    say("limit read", "GET", "/v1/settings/limit", Value::Null)?;
    Ok(cases)
}

/// What a user would add: where effects are counted, and a second principal.
pub(crate) fn plan(mut plan: Plan) -> Plan {
    plan.oracles.ledger = Some(Ledger {
        get: "/v1/ledger".into(),
        count: "effects".into(),
    });
    for endpoint in &mut plan.endpoints {
        if endpoint.key.is_some() {
            let other = ("Authorization".to_owned(), "Bearer bob".to_owned());
            endpoint.other.headers = BTreeMap::from([other]);
        }
    }
    plan
}

/// The same, with a payment that fails on the service's side.
pub(crate) fn with_server_error(mut plan: Plan) -> Plan {
    for endpoint in &mut plan.endpoints {
        if let Some(card) = endpoint.error_case.get_mut(&Field::body("card")) {
            *card = json!("tok_down");
        }
    }
    plan
}
