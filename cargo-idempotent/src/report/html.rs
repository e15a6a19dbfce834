//! The page: one file, no network, and no script needed for reading.

use std::time::Duration;

use askama::Template;

use super::view::{Cell, Entry, cell, class, entry};
use crate::verdict::{Control, Finding, Level, Report, State};

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    verdict: String,
    sign: &'static str,
    tone: &'static str,
    took: String,
    weakest: Option<&'static str>,
    warnings: Vec<&'a Control>,
    held: Vec<&'a Control>,
    filters: Vec<Filter>,
    endpoints: Vec<Endpoint>,
    rows: Vec<Row>,
    groups: Vec<Group>,
    css: &'static str,
    js: &'static str,
}

struct Filter {
    state: &'static str,
    sign: &'static str,
    word: &'static str,
    count: usize,
}

struct Endpoint {
    route: String,
    /// The same, in parts that may stand on lines of their own.
    parts: Vec<String>,
    /// Where its worst finding stands.
    anchor: String,
    /// All but the skipped ones.
    cells: Vec<Cell>,
    skipped: usize,
}

struct Row {
    title: String,
    anchor: String,
    cells: Vec<Option<Cell>>,
}

struct Group {
    title: &'static str,
    class: &'static str,
    open: bool,
    /// One line each: there is nothing to be seen of them.
    lines: bool,
    /// Too many to be read in a row.
    folded: bool,
    findings: Vec<Entry>,
}

/// More findings of one state that is no failure stand behind a line.
const MANY: usize = 40;

const STATES: [(State, &str); 6] = [
    (State::Violation, "Violations"),
    (State::Should, "Missed SHOULDs"),
    (State::NotProven, "Not proven: what is missing"),
    (State::NotRun, "Not run"),
    (State::Proven, "Proven"),
    (State::Skipped, "Skipped"),
];

/// Renders the page.
pub(crate) fn html(report: &Report) -> Result<String, String> {
    let tally = report.tally();
    let (sign, tone) = if tally.violations > 0 {
        ("✗", "bad")
    } else if tally.not_proven + tally.should > 0 || report.ended.is_some() {
        ("?", "open")
    } else {
        ("✓", "good")
    };
    let of = |state| report.findings.iter().filter(move |f| f.state == state);
    let filters = STATES.iter().map(|(state, _)| Filter {
        state: class(*state),
        sign: state.sign(),
        word: state.word(),
        count: of(*state).count(),
    });
    let groups = STATES.iter().map(|(state, title)| Group {
        title,
        class: class(*state),
        open: !matches!(state, State::Proven | State::Skipped),
        lines: matches!(state, State::NotRun | State::Skipped),
        folded: *state == State::Proven && of(*state).count() > MANY,
        findings: of(*state).map(entry).collect(),
    });
    let took = Duration::from_millis(report.took_ms).as_secs_f64();
    let page = Page {
        report,
        verdict: report.verdict(),
        sign,
        tone,
        took: format!("{took:.1} s"),
        weakest: report.weakest().map(Level::word),
        warnings: report.controls.iter().filter(|c| !c.passed).collect(),
        held: report.controls.iter().filter(|c| c.passed).collect(),
        filters: filters.filter(|f| f.count > 0).collect(),
        endpoints: endpoints(report),
        rows: rows(report),
        groups: groups.filter(|g| !g.findings.is_empty()).collect(),
        css: include_str!("../../templates/report.css"),
        js: include_str!("../../templates/report.js"),
    };
    page.render().map_err(|e| e.to_string())
}

/// The endpoints, those with failures first: a wide table is not scrolled for them.
fn ordered(report: &Report) -> Vec<(&str, &str)> {
    let mut all = report.endpoints();
    all.sort_by_key(|(id, _)| {
        let own = report.findings.iter().filter(|f| f.endpoint == *id);
        let worst = own.map(|f| f.state).min();
        worst.map(|state| state.min(State::NotRun))
    });
    all
}

/// For a narrow page: a list per endpoint, failures first.
fn endpoints(report: &Report) -> Vec<Endpoint> {
    let all = ordered(report).into_iter().map(|(id, route)| {
        let mut own: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|f| f.endpoint == id)
            .collect();
        own.sort_by_key(|f| f.state);
        let anchor = own.first().map(|f| cell(f).anchor).unwrap_or_default();
        let seen = own.iter().filter(|f| f.state != State::Skipped);
        let cells: Vec<_> = seen.map(|f| cell(f)).collect();
        Endpoint {
            parts: route.split_inclusive('/').map(str::to_owned).collect(),
            route: route.to_owned(),
            anchor,
            skipped: own.len() - cells.len(),
            cells,
        }
    });
    all.collect()
}

/// For a wide one: a row per scenario, failures first.
fn rows(report: &Report) -> Vec<Row> {
    let mut titles: Vec<(&str, &str, State)> = Vec::new();
    for f in &report.findings {
        match titles.iter_mut().find(|(id, _, _)| *id == f.scenario) {
            Some((_, _, worst)) => *worst = f.state.min(*worst),
            None => titles.push((&f.scenario, &f.title, f.state)),
        }
    }
    titles.sort_by_key(|(_, _, worst)| *worst);
    // What is skipped everywhere is listed below, not here.
    titles.retain(|(_, _, worst)| *worst != State::Skipped);
    let row = |(id, title, worst): (&str, &str, State)| {
        let of = |endpoint: &str| {
            let mut own = report.findings.iter().filter(|f| f.endpoint == endpoint);
            own.find(|f| f.scenario == id)
        };
        let mut all = report.findings.iter();
        let worst = all.find(|f| f.scenario == id && f.state == worst);
        Row {
            title: title.to_owned(),
            anchor: worst.map(|f| cell(f).anchor).unwrap_or_default(),
            cells: ordered(report)
                .into_iter()
                .map(|(endpoint, _)| of(endpoint).map(cell))
                .collect(),
        }
    };
    titles.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests;
