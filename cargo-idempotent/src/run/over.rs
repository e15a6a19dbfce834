//! Whether a run can go on: it cannot once it is asked to stop, or its target is gone.

use std::time::Duration;

use super::Bench;
use crate::{
    case::{Headers, Request},
    net::now,
    verdict::Ended,
};

/// A service that is started anew by its own keeper is waited for so long.
const PAUSES: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_millis(500),
    Duration::from_secs(2),
];

/// An answer that takes longer is not waited for again.
const SLOW: Duration = Duration::from_secs(5);

const LOOK: &str = "look at the service's log, start it, and run what was not run with --only";

impl Bench<'_> {
    /// Looked at after the controls and after each scenario.
    pub(super) fn over(&mut self, scenario: &str) -> Option<Ended> {
        let during = format!("{}/{scenario}", self.endpoint.id);
        let failed = self.failed > self.failed_before;
        let gone = if failed && self.stop.asked().is_none() {
            self.gone()
        } else {
            None
        };
        self.failed_before = self.failed;
        // Ctrl-C on a terminal ends the target's process as well: it comes first.
        if let Some(how) = self.stop.asked() {
            return Some(Ended::asked(how, &during));
        }
        if let Some(text) = gone {
            let ended = self.process.and_then(crate::net::Process::ended);
            let text = match ended {
                Some(status) => format!("{text}; the process of --target-cmd ended: {status}"),
                None => text,
            };
            return Some(Ended::by_target(&during, text, LOOK));
        }
        self.troubled().then(|| {
            let mend = "find out why it drops requests; events.jsonl has each one's moments";
            Ended::by_target(&during, self.trouble_text(), mend)
        })
    }

    /// Why the target counts as gone: it does not answer a plain GET any more.
    fn gone(&mut self) -> Option<String> {
        let request = Request {
            method: "GET".into(),
            url: format!("{}/", self.target.url),
            headers: Headers::default(),
            ..Request::default()
        };
        let mut last = String::new();
        for pause in PAUSES {
            if self.rest(pause).is_err() {
                return None;
            }
            let start = now();
            match self.send(&request) {
                Ok(_) => return None,
                Err(e) => last = e,
            }
            if now() - start > SLOW {
                break;
            }
        }
        Some(format!("the target does not answer any more: {last}"))
    }

    /// More than one request in twenty failed: no verdict would mean anything.
    fn troubled(&self) -> bool {
        self.failed > 2 && self.failed * 20 > self.requests
    }

    fn trouble_text(&self) -> String {
        format!(
            "{} of {} requests got no answer; the last: {}",
            self.failed, self.requests, self.last_failure
        )
    }
}
