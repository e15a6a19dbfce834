//! A finding as the page shows it.

use super::{
    diff::{Piece, sides},
    timeline::{Lane, lanes},
};
use crate::verdict::{Finding, Level, State};

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
    pub axis: u64,
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
    let answers = match &evidence.answers[..] {
        [a, b] => {
            let [left, right] = sides(&a.text, &b.text);
            vec![
                Answer {
                    label: a.label.clone(),
                    spans: left,
                },
                Answer {
                    label: b.label.clone(),
                    spans: right,
                },
            ]
        }
        others => others
            .iter()
            .map(|a| Answer {
                label: a.label.clone(),
                spans: vec![Piece {
                    text: a.text.clone(),
                    differs: false,
                }],
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
        facts: evidence.facts.clone(),
        answers,
        lanes,
        axis,
        failed: matches!(finding.state, State::Violation | State::Should),
        clause: finding.clause.clone(),
        likely: finding.likely.clone(),
        mend: finding.mend.clone(),
        only: format!("{}/{}", finding.endpoint, finding.scenario),
        script: evidence.script.clone(),
    }
}
