//! What is kept of an answer, and what a duplicate gets of it.

use std::{thread, time::Duration};

use super::{
    Flaw, claim::busy, http::Exchange, pay::Operation, payments::Payments, record::Record,
};
use crate::case::{Body, Response};

/// Between the stored answer and the commit of what it tells, where that is the order.
const GAP: Duration = Duration::from_millis(5);

impl Payments {
    pub(super) fn finish(&self, exchange: &Exchange, id: &str, print: Vec<u8>, answer: &Response) {
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
        let made = (kept.status == 201).then(|| kept.body.as_json()).flatten();
        if self.is(Flaw::StoredFirst) {
            self.stored_first(exchange, id, print, kept);
            return;
        }
        if made.is_some() {
            self.journal.both(id, &print, &kept);
        }
        let record = Record::done(print, kept);
        self.records.put(id, record);
    }

    /// Wrong on purpose: the answer can be replayed before what it tells is so.
    fn stored_first(&self, exchange: &Exchange, id: &str, print: Vec<u8>, kept: Response) {
        let made = (kept.status == 201).then(|| kept.body.as_json()).flatten();
        self.journal.record(id, &print, &kept);
        let record = Record::done(print, kept);
        self.records.put(id, record);
        thread::sleep(GAP);
        if let Some(made) = made {
            let refund = exchange.path.ends_with("/refunds");
            self.journal.effect(&made);
            let operation = if refund {
                Operation::Refund
            } else {
                Operation::Pay
            };
            self.commit(operation, made);
        }
    }

    pub(super) fn replay(&self, mut first: Response) -> Response {
        if !self.is(Flaw::NoMark) {
            first.headers.set("Idempotent-Replayed", "true");
        }
        if self.is(Flaw::HeaderLost) {
            first.headers.remove("Location");
        }
        if self.is(Flaw::ReplayOk) && first.status == 201 {
            first.status = 200;
        }
        if self.is(Flaw::SameCookie) && first.status == 201 {
            first.headers.set("Set-Cookie", "language=en");
        }
        if self.is(Flaw::BodyRemade)
            && let Some(mut body) = first.body.as_json()
        {
            body["state"] = "known".into();
            first.body = Body::text(body.to_string());
        }
        first
    }
}
