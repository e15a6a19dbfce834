//! What a scenario found, before the profile and the endpoint are added to it.

use crate::{
    case::Response,
    verdict::{Evidence, Level, Shown, State},
};

#[derive(Debug)]
pub(crate) struct Judged {
    pub state: State,
    pub level: Option<Level>,
    pub sentence: String,
    /// A violation seen by effects: no repetition is needed to believe it.
    pub fact: bool,
    pub likely: &'static str,
    pub mend: &'static str,
    pub evidence: Evidence,
}

impl Judged {
    fn new(state: State, level: Option<Level>, sentence: impl Into<String>) -> Self {
        Self {
            state,
            level,
            sentence: sentence.into(),
            fact: false,
            likely: "",
            mend: "",
            evidence: Evidence::default(),
        }
    }

    pub(crate) fn proven(level: Option<Level>, sentence: impl Into<String>) -> Self {
        Self::new(State::Proven, level, sentence)
    }

    pub(crate) fn not_proven(sentence: impl Into<String>) -> Self {
        Self::new(State::NotProven, None, sentence)
    }

    pub(crate) fn skipped(sentence: impl Into<String>) -> Self {
        Self::new(State::Skipped, None, sentence)
    }

    pub(crate) fn not_run(sentence: impl Into<String>) -> Self {
        Self::new(State::NotRun, None, sentence)
    }

    /// A violation that effects, or two readable ids, show.
    pub(crate) fn ran_twice(level: Level, sentence: impl Into<String>) -> Self {
        Self {
            fact: true,
            ..Self::new(State::Violation, Some(level), sentence)
        }
    }

    /// A violation of what the profile says of status, headers or body.
    pub(crate) fn breach(sentence: impl Into<String>) -> Self {
        Self::new(State::Violation, Some(Level::Answer), sentence)
    }

    /// Its evidence stays; that it is a violation is not known.
    pub(crate) fn doubted(self, sentence: impl Into<String>) -> Self {
        Self {
            state: State::NotProven,
            level: None,
            sentence: sentence.into(),
            fact: false,
            ..self
        }
    }

    pub(crate) fn because(mut self, likely: &'static str, mend: &'static str) -> Self {
        self.likely = likely;
        self.mend = mend;
        self
    }

    pub(crate) fn fact(mut self, fact: impl Into<String>) -> Self {
        self.evidence.facts.push(fact.into());
        self
    }

    pub(crate) fn show(mut self, label: &str, answer: &Response) -> Self {
        self.evidence.answers.push(Shown::of(label, answer));
        self
    }

    pub(crate) fn script(mut self, script: String) -> Self {
        self.evidence.script = script;
        self
    }
}
