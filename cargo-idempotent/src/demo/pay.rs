//! One payment or refund: key, body, claim, work, answer; and where flaws go wrong.

use std::{thread, time::Duration};

use serde_json::{Value, json};

use super::{
    Flaw,
    http::Exchange,
    payments::{Payments, answer, lock},
    record::{Claim, Record},
};
use crate::{case::Response, net::now};

/// How long a duplicate waits for the first one's answer, where it waits.
const WAIT: Duration = Duration::from_secs(5);

/// What a key belongs to: never another operation's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Pay,
    Refund,
}

/// One request on its way.
pub(super) struct Attempt<'a> {
    pub(super) operation: Operation,
    pub(super) path: &'a str,
    pub(super) body: &'a [u8],
    pub(super) key: &'a str,
    /// Its record's.
    pub(super) id: &'a str,
}

/// What a duplicate of a running request gets.
pub(super) fn in_flight() -> Response {
    let mut busy = answer(409, &json!({ "code": "in-flight" }));
    busy.headers.set("Retry-After", "1");
    busy
}

impl Payments {
    /// A payment or a refund: key, body, claim, work, answer.
    pub(super) fn pay(&self, exchange: &mut Exchange, operation: Operation) -> Option<Response> {
        let key = match self.key(&exchange.headers) {
            Ok(key) => key,
            Err(refused) => {
                exchange.body()?;
                return Some(refused);
            }
        };
        let scope = exchange.headers.get("authorization").unwrap_or("nobody");
        let scope = if self.is(Flaw::NoScope) { "" } else { scope }.to_owned();
        let name = match operation {
            Operation::Pay => "pay",
            Operation::Refund => "refund",
        };
        let mut id = format!("{scope} {name} {}", key.as_deref().unwrap_or_default());
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
        let path = exchange.path.clone();
        if self.is(Flaw::ByContent) {
            id = String::from_utf8_lossy(&body).into_owned();
        }
        let attempt = Attempt {
            operation,
            path: &path,
            body: &body,
            key: key.as_deref().unwrap_or_default(),
            id: &id,
        };
        let print = self.print(&attempt);
        if self.is(Flaw::EffectFirst) {
            let (status, made) = self.work(&attempt);
            if status == 201 {
                self.commit(operation, made);
            }
        }
        if key.is_none() || self.is(Flaw::NoKeys) {
            return Some(self.run(&attempt));
        }
        if let Some(refused) = self.enter(&id, &print, early, &attempt) {
            return Some(refused);
        }
        let answer = self.run(&attempt);
        if answer.status == 409 {
            // Another took the claim over, and the record is its own.
            return Some(answer);
        }
        self.finish(exchange, &id, print, &answer);
        Some(answer)
    }

    /// What tells one request of a key from another: its path and body.
    fn print(&self, attempt: &Attempt<'_>) -> Vec<u8> {
        if self.is(Flaw::NoFingerprint) || self.is(Flaw::MismatchRuns) {
            Vec::new()
        } else if self.is(Flaw::KeyPerTemplate) {
            attempt.body.to_vec()
        } else {
            [attempt.path.as_bytes(), b" ", attempt.body].concat()
        }
    }

    /// Claims the key; the answer for a request that may not run.
    fn enter(
        &self,
        id: &str,
        print: &[u8],
        early: bool,
        attempt: &Attempt<'_>,
    ) -> Option<Response> {
        let start = now();
        let mut claim = self.claim(id, print, early);
        while matches!(claim, Claim::Busy) && self.is(Flaw::Waits) && now() - start < WAIT {
            thread::sleep(Duration::from_millis(1));
            claim = self.claim(id, print, early);
        }
        match claim {
            Claim::Run => {
                if self.is(Flaw::LockOutlives) || self.is(Flaw::LeaseEnds) {
                    self.journal.claimed(id, print);
                }
                None
            }
            Claim::Replay(_) if self.is(Flaw::MismatchRuns) && self.other(id, attempt.body) => None,
            Claim::Replay(_) if self.is(Flaw::NoReplay) => {
                Some(answer(409, &json!({ "code": "key-used" })))
            }
            Claim::Replay(first) => Some(self.replay(first)),
            Claim::Mismatch => Some(self.mismatch(id)),
            Claim::Busy if self.is(Flaw::ConflictFails) => {
                Some(answer(500, &json!({ "error": "duplicate key value" })))
            }
            Claim::Busy => Some(in_flight()),
        }
    }

    fn mismatch(&self, id: &str) -> Response {
        let mut refused = json!({ "code": "key-reused" });
        if self.is(Flaw::LeakInError) {
            refused["first"] = self.records.answer(id).unwrap_or(Value::Null);
        }
        if self.is(Flaw::MismatchBurns) {
            self.records.free(id);
        }
        answer(422, &refused)
    }

    /// Wrong on purpose: the key is locked before the body is there.
    fn body_under_lock(&self, exchange: &mut Exchange, id: &str) -> Option<Vec<u8>> {
        let free = matches!(self.records.look(id, b""), Claim::Run);
        if free {
            let print = b"being read".to_vec();
            self.records.put(id, Record::running(print));
        }
        let body = exchange.body()?;
        if free {
            self.records.free(id);
        } else if matches!(self.records.look(id, b"being read"), Claim::Busy) {
            let print = [exchange.path.as_bytes(), b" ", &body].concat();
            self.records.put(id, Record::running(print));
        }
        Some(body)
    }

    /// What was made is seen from now on.
    pub(super) fn commit(&self, operation: Operation, made: Value) {
        match operation {
            Operation::Pay => lock(&self.paid).push(made),
            Operation::Refund => lock(&self.refunded).push(made),
        }
    }
}
