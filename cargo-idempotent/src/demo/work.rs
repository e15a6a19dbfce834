//! The work of a payment or refund, and its answer.

use std::{thread, time::Duration};

use serde_json::{Value, json};

use super::{
    Flaw,
    pay::{Attempt, Operation, in_flight},
    payments::{Payments, answer, lock},
};
use crate::case::Response;

/// In which duplicates meet a running first.
const WORK: Duration = Duration::from_millis(5);

impl Payments {
    /// Works, commits, and says so.
    pub(super) fn run(&self, attempt: &Attempt<'_>) -> Response {
        let (status, made) = self.work(attempt);
        let mut answer = answer(status, &made);
        if status == 201 {
            let id = made["id"].as_str().unwrap_or_default();
            if attempt.operation == Operation::Pay {
                let location = format!("/v1/payments/{id}");
                answer.headers.set("Location", location);
            }
            answer
                .headers
                .set("Set-Cookie", self.cookie(attempt.key, id));
            if !self.is(Flaw::EffectFirst) && !self.is(Flaw::StoredFirst) {
                let commit = || self.commit(attempt.operation, made);
                if !self.is(Flaw::LeaseEnds) {
                    commit();
                } else if !self.records.fenced(attempt.id, commit) {
                    return in_flight();
                }
            }
        }
        answer
    }

    fn cookie(&self, key: &str, id: &str) -> String {
        if self.is(Flaw::SameCookie) {
            return "language=en".to_owned();
        }
        let own = format!("session={id}");
        if self.is(Flaw::CookieToAnother) {
            // Wrong on purpose: the jar asks for the key, not for its caller.
            let mut jar = lock(&self.cookies);
            return jar.entry(key.to_owned()).or_insert(own).clone();
        }
        own
    }

    /// The work itself.
    pub(super) fn work(&self, attempt: &Attempt<'_>) -> (u16, Value) {
        thread::sleep(WORK);
        let sent: Value = serde_json::from_slice(attempt.body).unwrap_or_default();
        let Some(amount) = sent["amount"].as_i64() else {
            return (400, json!({ "error": "`amount` is missing" }));
        };
        let id = || lock(&self.ids).uuid();
        if attempt.operation == Operation::Refund {
            let mut parts = attempt.path.rsplit('/').skip(1);
            let payment = parts.next().unwrap_or_default();
            if !lock(&self.paid).iter().any(|p| p["id"] == payment) {
                return (404, json!({ "error": "no such payment" }));
            }
            if amount < 1 {
                return (422, json!({ "error": "nothing to give back" }));
            }
            let made = json!({ "id": id(), "payment": payment, "amount": amount });
            return (201, made);
        }
        match sent["card"].as_str() {
            Some("tok_declined") => (402, json!({ "error": "the card was declined" })),
            Some("tok_down") => (500, json!({ "error": "the bank is down" })),
            _ => {
                let made = json!({ "id": id(), "amount": amount, "state": "paid" });
                (201, made)
            }
        }
    }
}
