//! `events.jsonl`: a line for each moment of a request, in µs from the run's start. The
//! timelines of reports are made of it, so that they can be made again.

use std::{collections::BTreeMap, io::BufRead};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Report, Times};

/// One moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "A line of events.jsonl of cargo idempotent")]
pub(crate) struct Event {
    /// Microseconds from the run's start.
    pub at: u64,
    pub endpoint: String,
    /// The scenario, or `controls`.
    pub scenario: String,
    /// Which request of the run this is, from 1.
    pub request: usize,
    /// Which burst of the endpoint it belongs to, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst: Option<usize>,
    pub what: What,
    /// Method and path, with `sent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The answer's status, with `last`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// A success whose body is not its burst's first one's: a second run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub another: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum What {
    /// Its first byte was written.
    Sent,
    /// All but its end was written: the end is held back.
    Held,
    /// Its last byte was written.
    Released,
    /// Its answer's first byte was seen.
    First,
    /// Its answer's last byte was seen.
    Last,
    /// Its connection failed, or ended without an answer.
    Lost,
    /// The client closed its connection on purpose.
    Left,
}

/// Fills in the timelines of a report from its run's events; the number of lines that
/// could not be read.
pub(crate) fn timelines(report: &mut Report, events: impl BufRead) -> usize {
    type Copies = BTreeMap<usize, (u64, Times)>;
    let shown = report.findings.iter();
    let shown = shown.filter_map(|f| Some((f.endpoint.clone(), f.evidence.burst?)));
    let mut bursts: BTreeMap<(String, usize), Copies> =
        shown.map(|id| (id, Copies::new())).collect();
    let mut unread = 0;
    for line in events.lines().map_while(Result::ok) {
        let Ok(event) = serde_json::from_str::<Event>(&line) else {
            unread += 1;
            continue;
        };
        let id = (event.endpoint.clone(), event.burst.unwrap_or(0));
        let Some(copies) = bursts.get_mut(&id) else {
            continue;
        };
        let (_, times) = copies
            .entry(event.request)
            .or_insert((event.at, Times::default()));
        match event.what {
            What::Sent => times.sent = event.at,
            What::Held => times.held = true,
            What::Released => times.released = event.at,
            What::First => times.first = event.at,
            What::Last => {
                times.last = event.at;
                times.status = event.status.unwrap_or(0);
                times.another = event.another;
            }
            What::Lost | What::Left => {}
        }
    }
    for finding in &mut report.findings {
        let id = finding
            .evidence
            .burst
            .map(|b| (finding.endpoint.clone(), b));
        let Some(copies) = id.and_then(|id| bursts.get(&id)) else {
            continue;
        };
        let zero = copies.values().map(|(_, t)| t.sent).min().unwrap_or(0);
        let all = copies.values().map(|(_, t)| t.from(zero));
        finding.evidence.timeline = all.collect();
    }
    unread
}
