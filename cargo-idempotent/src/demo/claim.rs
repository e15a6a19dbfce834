//! The claim of a key, and the ways in which it goes wrong.

use std::{thread, time::Duration};

use serde_json::Value;

use super::{
    Flaw,
    payments::{Payments, lock},
    record::{Claim, Record},
};
use crate::net::{Moment, now};

impl Payments {
    pub(super) fn claim(&self, id: &str, print: &[u8], early: bool) -> Claim {
        let delayed = self.is(Flaw::RaceDelayed);
        if delayed {
            let delay = lock(&self.ids).below(2_000);
            thread::sleep(Duration::from_micros(delay));
        }
        let two_steps = delayed || self.is(Flaw::Race) || self.is(Flaw::RaceBeforeBody);
        if self.is(Flaw::OneLock) && self.records.any_running() {
            return match self.records.look(id, print) {
                Claim::Run => Claim::Mismatch,
                other => other,
            };
        }
        if !two_steps {
            return self.records.claim(id, print);
        }
        let found = self.records.look(id, print);
        if matches!(found, Claim::Run) || early {
            busy(Duration::from_micros(200));
            self.records.put(id, Record::running(print.to_vec()));
            return Claim::Run;
        }
        found
    }

    pub(super) fn other(&self, id: &str, body: &[u8]) -> bool {
        let Claim::Replay(first) = self.records.look(id, b"") else {
            return false;
        };
        let sent: Value = serde_json::from_slice(body).unwrap_or_default();
        first
            .body
            .as_json()
            .is_some_and(|f| f["amount"] != sent["amount"])
    }
}

/// Time that passes without a sleep: the scheduler gives no help.
pub(super) fn busy(span: Duration) {
    let start: Moment = now();
    while now() - start < span {
        std::hint::spin_loop();
    }
}
