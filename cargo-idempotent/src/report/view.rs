//! A finding as the page shows it.

use super::{
    diff::{Piece, folded, sides},
    timeline::{Lane, Tick, lanes, ticks},
};
use crate::{
    case::fields,
    verdict::{Finding, Level, Shown, State},
};

pub(super) struct Cell {
    pub class: &'static str,
    pub sign: &'static str,
    pub word: &'static str,
    pub letter: &'static str,
    pub anchor: String,
    pub title: String,
}

pub(super) struct Answer {
    pub label: String,
    pub spans: Vec<Piece>,
    /// The whole text, where equal lines of it are folded away.
    pub whole: String,
}

pub(super) struct Entry {
    pub class: &'static str,
    pub sign: &'static str,
    pub word: &'static str,
    pub anchor: String,
    pub route: String,
    pub title: String,
    pub level: &'static str,
    pub sentence: String,
    pub facts: Vec<String>,
    pub answers: Vec<Answer>,
    pub lanes: Vec<Lane>,
    pub ticks: Vec<Tick>,
    pub failed: bool,
    pub clause: String,
    pub likely: String,
    pub mend: String,
    pub only: String,
    pub script: String,
}

pub(super) fn class(state: State) -> &'static str {
    match state {
        State::Violation => "violation",
        State::Should => "should",
        State::NotProven => "not-proven",
        State::NotRun => "not-run",
        State::Proven => "proven",
        State::Skipped => "skipped",
    }
}

fn anchor(finding: &Finding) -> String {
    format!("{}--{}", finding.endpoint, finding.scenario)
}

fn level(finding: &Finding) -> Option<Level> {
    finding.level.filter(|_| finding.state != State::Skipped)
}

pub(super) fn cell(finding: &Finding) -> Cell {
    Cell {
        class: class(finding.state),
        sign: finding.state.sign(),
        word: finding.state.word(),
        letter: level(finding).map_or("", Level::letter),
        anchor: anchor(finding),
        title: finding.title.clone(),
    }
}

pub(super) fn entry(finding: &Finding) -> Entry {
    let evidence = &finding.evidence;
    let answer = |shown: &Shown, spans: Vec<Piece>| {
        let (spans, folded) = folded(spans);
        Answer {
            label: shown.label.clone(),
            spans,
            whole: if folded {
                shown.text.clone()
            } else {
                String::new()
            },
        }
    };
    let answers = match &evidence.answers[..] {
        [a, b] => {
            let [left, right] = sides(&a.text, &b.text);
            vec![answer(a, left), answer(b, right)]
        }
        others => others
            .iter()
            .map(|a| {
                let differs = false;
                let text = a.text.clone();
                answer(a, vec![Piece { text, differs }])
            })
            .collect(),
    };
    let (lanes, axis) = lanes(&evidence.timeline);
    Entry {
        class: class(finding.state),
        sign: finding.state.sign(),
        word: finding.state.word(),
        anchor: anchor(finding),
        route: finding.route.clone(),
        title: finding.title.clone(),
        level: level(finding).map_or("", Level::word),
        sentence: finding.sentence.clone(),
        facts: evidence.facts.iter().map(|f| fields::masked(f)).collect(),
        answers,
        lanes,
        ticks: ticks(axis),
        failed: matches!(finding.state, State::Violation | State::Should),
        clause: finding.clause.clone(),
        likely: finding.likely.clone(),
        mend: finding.mend.clone(),
        only: format!("{}/{}", finding.endpoint, finding.scenario),
        script: evidence.script.clone(),
    }
}
