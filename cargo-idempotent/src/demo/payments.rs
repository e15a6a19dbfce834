//! Payments: a service that keeps the default profile's promises, but for its flaw.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};

use super::{
    Flaw, http::Exchange, journal::Journal, pay::Operation, record::Records, spans::Spans,
};
use crate::{
    case::{Body, Headers, Response},
    random::Random,
};

pub(super) struct Payments {
    flaws: Vec<Flaw>,
    pub(super) records: Records,
    pub(super) journal: Journal,
    pub(super) paid: Mutex<Vec<Value>>,
    pub(super) refunded: Mutex<Vec<Value>>,
    pub(super) cookies: Mutex<HashMap<String, String>>,
    settings: Mutex<HashMap<String, Value>>,
    pub(super) ids: Mutex<Random>,
}

impl Payments {
    pub(super) fn new(flaws: &[Flaw]) -> Self {
        Self {
            flaws: flaws.to_vec(),
            records: Records::new(Spans::of(flaws)),
            journal: Journal::default(),
            paid: Mutex::default(),
            refunded: Mutex::default(),
            cookies: Mutex::default(),
            settings: Mutex::default(),
            ids: Mutex::new(Random::new(0x1d)),
        }
    }

    pub(super) fn is(&self, flaw: Flaw) -> bool {
        self.flaws.contains(&flaw)
    }

    /// Answers one request; `None` ends the connection.
    pub(super) fn answer(&self, exchange: &mut Exchange) -> Option<()> {
        let answer = match (exchange.method.as_str(), exchange.path.as_str()) {
            ("POST", "/v1/payments") => self.pay(exchange, Operation::Pay)?,
            ("POST", path) if path.starts_with("/v1/payments/") && path.ends_with("/refunds") => {
                self.pay(exchange, Operation::Refund)?
            }
            ("PUT", path) if path.starts_with("/v1/settings/") => {
                let name = path.to_owned();
                self.set(&name, &exchange.body()?)
            }
            ("GET" | "HEAD", path) => self.get(path),
            _ => {
                exchange.body()?;
                answer(405, &json!({ "error": "no such method here" }))
            }
        };
        exchange.write(&answer)
    }

    fn get(&self, path: &str) -> Response {
        let payments = lock(&self.paid);
        match path {
            "/v1/ledger" => {
                let effects = payments.len() + lock(&self.refunded).len();
                answer(200, &json!({ "effects": effects }))
            }
            "/v1/payments" => answer(200, &json!(*payments)),
            path => {
                let id = path.rsplit('/').next().unwrap_or_default();
                let settings = lock(&self.settings);
                let payment = payments.iter().find(|p| p["id"] == id);
                match payment.or_else(|| settings.get(path)) {
                    Some(found) => answer(200, found),
                    None => answer(404, &json!({ "error": "not found" })),
                }
            }
        }
    }

    fn set(&self, path: &str, body: &[u8]) -> Response {
        let Ok(value) = serde_json::from_slice::<Value>(body) else {
            return answer(400, &json!({ "error": "the body is not JSON" }));
        };
        let mut settings = lock(&self.settings);
        let value = if self.is(Flaw::PutCounts) {
            let before = settings.get(path).and_then(|v| v["limit"].as_i64());
            let more = value["limit"].as_i64().unwrap_or(0);
            json!({ "limit": before.unwrap_or(0) + more })
        } else {
            value
        };
        settings.insert(path.to_owned(), value.clone());
        answer(200, &value)
    }
}

pub(super) fn answer(status: u16, body: &Value) -> Response {
    let kind = ("Content-Type".to_owned(), "application/json".to_owned());
    Response {
        status,
        headers: Headers(vec![kind]),
        body: Body::text(body.to_string()),
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
