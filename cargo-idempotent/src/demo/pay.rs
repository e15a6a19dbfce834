//! One payment: key, body, claim, work, answer; and where each flaw goes wrong.

use std::{thread, time::Duration};

use serde_json::{Value, json};

use super::{
    Flaw,
    claim::busy,
    http::Exchange,
    payments::{Payments, answer, lock},
    record::{Claim, Record},
};
use crate::case::Response;

impl Payments {
    /// A payment: key, body, claim, work, answer.
    pub(super) fn pay(&self, exchange: &mut Exchange) -> Option<Response> {
        let key = match self.key(&exchange.headers) {
            Ok(key) => key,
            Err(refused) => {
                exchange.body()?;
                return Some(refused);
            }
        };
        let scope = exchange.headers.get("authorization").unwrap_or("nobody");
        let scope = if self.is(Flaw::NoScope) { "" } else { scope }.to_owned();
        let mut id = format!("{scope} {}", key.as_deref().unwrap_or_default());
        if self.is(Flaw::KeysPerInstance) {
            id = format!("{} {id}", exchange.port);
        }
        let early =
            self.is(Flaw::RaceBeforeBody) && matches!(self.records.look(&id, b""), Claim::Run);
        let body = if self.is(Flaw::LockForEver) {
            self.body_under_lock(exchange, &id)?
        } else {
            exchange.body()?
        };
        if self.is(Flaw::ByContent) {
            id = String::from_utf8_lossy(&body).into_owned();
        }
        let unprinted = self.is(Flaw::NoFingerprint) || self.is(Flaw::MismatchRuns);
        let print = if unprinted { Vec::new() } else { body.clone() };
        if self.is(Flaw::EffectFirst) {
            let (status, payment) = self.work(&body);
            if status == 201 {
                lock(&self.paid).push(payment);
            }
        }
        if key.is_none() || self.is(Flaw::NoKeys) {
            return Some(self.run(&body));
        }
        match self.claim(&id, &print, early) {
            Claim::Run => {}
            Claim::Replay(_) if self.is(Flaw::MismatchRuns) && self.other(&id, &body) => {}
            Claim::Replay(first) => return Some(self.replay(first)),
            Claim::Mismatch => return Some(answer(422, &json!({ "code": "key-reused" }))),
            Claim::Busy if self.is(Flaw::ConflictFails) => {
                return Some(answer(500, &json!({ "error": "duplicate key value" })));
            }
            Claim::Busy => {
                let mut busy = answer(409, &json!({ "code": "in-flight" }));
                busy.headers.set("Retry-After", "1");
                return Some(busy);
            }
        }
        let answer = self.run(&body);
        self.finish(exchange, &id, print, &answer);
        Some(answer)
    }

    /// Wrong on purpose: the key is locked before the body is there.
    fn body_under_lock(&self, exchange: &mut Exchange, id: &str) -> Option<Vec<u8>> {
        let free = matches!(self.records.look(id, b""), Claim::Run);
        if free {
            let print = b"being read".to_vec();
            self.records.put(id, Record::Running { print });
        }
        let body = exchange.body()?;
        if free {
            self.records.free(id);
        } else if matches!(self.records.look(id, b"being read"), Claim::Busy) {
            let print = body.clone();
            self.records.put(id, Record::Running { print });
        }
        Some(body)
    }

    fn run(&self, body: &[u8]) -> Response {
        let (status, payment) = self.work(body);
        let mut answer = answer(status, &payment);
        if status == 201 {
            let id = payment["id"].as_str().unwrap_or_default();
            let location = format!("/v1/payments/{id}");
            answer.headers.set("Location", location);
            answer.headers.set("Set-Cookie", format!("session={id}"));
            if !self.is(Flaw::EffectFirst) {
                lock(&self.paid).push(payment);
            }
        }
        answer
    }

    /// The work itself: 5 ms in which duplicates meet a running first.
    fn work(&self, body: &[u8]) -> (u16, Value) {
        thread::sleep(Duration::from_millis(5));
        let sent: Value = serde_json::from_slice(body).unwrap_or_default();
        let Some(amount) = sent["amount"].as_i64() else {
            return (400, json!({ "error": "`amount` is missing" }));
        };
        match sent["card"].as_str() {
            Some("tok_declined") => (402, json!({ "error": "the card was declined" })),
            Some("tok_down") => (500, json!({ "error": "the bank is down" })),
            _ => {
                let id = lock(&self.ids).uuid();
                (201, json!({ "id": id, "amount": amount, "state": "paid" }))
            }
        }
    }

    fn finish(&self, exchange: &Exchange, id: &str, print: Vec<u8>, answer: &Response) {
        let dropped = match answer.status {
            500.. => !self.is(Flaw::ErrorForEver),
            400.. => self.is(Flaw::ErrorsForgotten),
            _ => self.is(Flaw::FreedOnDisconnect) && exchange.left(),
        };
        if dropped {
            self.records.free(id);
            return;
        }
        if self.is(Flaw::EndGap) {
            self.records.free(id);
            busy(Duration::from_micros(200));
        }
        let mut kept = answer.clone();
        if !self.is(Flaw::CookieReplayed) {
            kept.headers.remove("Set-Cookie");
        }
        if kept.status == 201 {
            self.journal.write(id, &print, &kept);
        }
        let record = Record::Done {
            print,
            answer: kept,
        };
        self.records.put(id, record);
    }

    fn replay(&self, mut first: Response) -> Response {
        if !self.is(Flaw::NoMark) {
            first.headers.set("Idempotent-Replayed", "true");
        }
        if self.is(Flaw::HeaderLost) {
            first.headers.remove("Location");
        }
        if self.is(Flaw::ReplayOk) && first.status == 201 {
            first.status = 200;
        }
        first
    }
}
