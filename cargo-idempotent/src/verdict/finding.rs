//! One finding: an endpoint, a scenario, a verdict, and what it rests on.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::case::{Response, fields, mask};

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    Violation,
    /// A SHOULD of the profile is missed, and nothing ran twice.
    Should,
    NotProven,
    /// The run ended before it.
    NotRun,
    Proven,
    Skipped,
}

/// What a verdict rests on, the strongest first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Level {
    Ledger,
    Sink,
    Probe,
    Witness,
    Answer,
}

/// An answer as a report shows it: secrets masked, the body cut.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Shown {
    pub label: String,
    pub text: String,
}

/// One copy of a burst on the timeline, in µs from the burst's start.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Times {
    pub sent: u64,
    pub held: bool,
    pub released: u64,
    pub first: u64,
    pub last: u64,
    pub status: u16,
    /// A success whose body is not the first one's: a second run.
    pub another: bool,
}

/// When a search for races was first right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Seen {
    /// The burst's number, from 1.
    pub burst: usize,
    /// Milliseconds from the search's start.
    pub after_ms: u64,
}

/// What is shown for a verdict.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Evidence {
    pub facts: Vec<String>,
    pub answers: Vec<Shown>,
    /// Made of `events.jsonl`.
    #[serde(skip)]
    pub timeline: Vec<Times>,
    /// The burst of the endpoint whose events the timeline shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst: Option<usize>,
    /// The burst that a race showed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// Shell text that sends the same again.
    pub script: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Finding {
    pub endpoint: String,
    pub route: String,
    pub scenario: String,
    pub title: String,
    pub state: State,
    pub level: Option<Level>,
    pub sentence: String,
    /// The clause of the profile that was judged by.
    pub clause: String,
    pub likely: String,
    pub mend: String,
    pub evidence: Evidence,
}

impl State {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Violation => "violation",
            Self::Should => "violation (SHOULD)",
            Self::NotProven => "not proven",
            Self::NotRun => "not run",
            Self::Proven => "proven",
            Self::Skipped => "skipped",
        }
    }

    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Violation | Self::Should => "✗",
            Self::NotProven => "?",
            Self::NotRun => "·",
            Self::Proven => "✓",
            Self::Skipped => "–",
        }
    }
}

impl Level {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Ledger => "effect ledger",
            Self::Sink => "downstream sink",
            Self::Probe => "state probe",
            Self::Witness => "witness fields",
            Self::Answer => "status and headers",
        }
    }

    pub(crate) fn letter(self) -> &'static str {
        match self {
            Self::Ledger => "L",
            Self::Sink => "S",
            Self::Probe => "P",
            Self::Witness => "W",
            Self::Answer => "A",
        }
    }
}

impl Shown {
    pub(crate) fn of(label: impl Into<String>, response: &Response) -> Self {
        let mut text = response.status.to_string();
        for (name, value) in &response.headers.0 {
            let (name, value) = mask(name.clone(), value.clone());
            let _ = write!(text, "\n{name}: {value}");
        }
        text.push_str("\n\n");
        match response.body.as_text() {
            Some(body) => text.extend(fields::masked(body).chars().take(4_000)),
            None => drop(write!(text, "({} bytes)", response.body.0.len())),
        }
        Self {
            label: label.into(),
            text,
        }
    }
}

impl Times {
    /// The same, counted from another zero.
    pub(super) fn from(&self, zero: u64) -> Self {
        let less = |at: u64| at.saturating_sub(zero);
        Self {
            sent: less(self.sent),
            released: less(self.released),
            first: less(self.first),
            last: less(self.last),
            ..self.clone()
        }
    }
}
