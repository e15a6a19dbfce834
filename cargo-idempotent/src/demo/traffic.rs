//! The demo's traffic: a scripted client whose requests are recorded as cases, and
//! what its user would add to the plan made of them.

use std::{collections::BTreeMap, net::TcpListener, path::Path, sync::Arc};

use serde_json::{Value, json};

use crate::{
    case::{Body, Headers, Request},
    net::{Target, encode, exchange},
    plan::{Field, Ledger, Plan},
    record::{Masks, Recorder, start},
};

/// Sends the client's requests through a recording proxy into a folder.
/// Refunds are the zoo's: a demo should be short.
pub(crate) fn record(url: &str, folder: &Path, refunds: bool) -> Result<(), String> {
    let fail = |e: std::io::Error| format!("the demo's proxy: {e}");
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(fail)?;
    let proxy = listener.local_addr().map_err(fail)?;
    let mut recorder = Recorder::new(Target::resolve(url, None)?, folder, Box::new(|_| {}))
        .map_err(|e| e.to_string())?;
    // A test token is no secret, and the plan is to be read.
    recorder.masks = Masks::new(&[], &["card".to_owned()])?;
    let proxy_thread = start(listener, Arc::new(recorder));
    let sent = client(&format!("http://{proxy}"), refunds);
    proxy_thread.stop().and(sent)
}

fn client(url: &str, refunds: bool) -> Result<(), String> {
    let payment = |card: &str| json!({ "amount": 100, "card": card });
    let paid = say(url, "POST", "/v1/payments", payment("tok_visa"))?;
    let id = paid["id"].as_str().unwrap_or_default();
    say(url, "GET", &format!("/v1/payments/{id}"), Value::Null)?;
    say(url, "GET", "/v1/payments", Value::Null)?;
    say(url, "POST", "/v1/payments", payment("tok_declined"))?;
    if refunds {
        let path = format!("/v1/payments/{id}/refunds");
        say(url, "POST", &path, json!({ "amount": 10 }))?;
        say(url, "POST", &path, json!({ "amount": 0 }))?;
    }
    let limit = json!({ "limit": 500 });
    say(url, "PUT", "/v1/settings/limit", limit)?;
    say(url, "GET", "/v1/settings/limit", Value::Null)?;
    Ok(())
}

fn say(url: &str, method: &str, path: &str, body: Value) -> Result<Value, String> {
    let target = Target::resolve(url, None)?;
    let mut headers = Headers::default();
    headers.set("Authorization", "Bearer alice");
    let text = match body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    if !text.is_empty() {
        headers.set("Content-Type", "application/json");
    }
    if method == "POST" {
        headers.set("Idempotency-Key", format!("recorded-{}", text.len()));
    }
    let request = Request {
        method: method.to_owned(),
        url: format!("{url}{path}"),
        headers,
        body: Body::text(text),
    };
    let answer = exchange(&target, &encode(&request, &target.authority))?;
    Ok(answer.response.body.as_json().unwrap_or_default())
}

/// What a user would add: where effects are counted, and a second principal.
pub(crate) fn plan(mut plan: Plan) -> Plan {
    plan.oracles.ledger = Some(Ledger {
        get: "/v1/ledger".into(),
        count: "effects".into(),
        ..Ledger::default()
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
