//! One list of metrics: what the code exports, the chapter describes, and rules
//! and dashboard read are the same, both ways; and no selector names a label
//! that its metric has not.

use std::collections::{BTreeMap, BTreeSet};

use idempotent_runtime::metrics::{Kind, METRICS, Metric};
use serde_json::Value;

use crate::kit;

#[test]
fn code_chapter_rules_and_dashboard_speak_of_the_same_metrics() {
    let code: BTreeSet<&str> = METRICS.iter().map(|metric| metric.name).collect();

    let chapter = chapter();
    assert!(code.iter().eq(chapter.keys()), "{code:?}\n{chapter:?}");
    for metric in METRICS {
        let labels = metric.labels.join(", ");
        assert_eq!(chapter[metric.name], labels, "{}", metric.name);
    }

    let (rules, dashboard) = (kit::rules(), dashboard());
    let both = rules + &dashboard;
    let read = used(&both);
    let unknown: Vec<&str> = read.difference(&code).copied().collect();
    assert!(unknown.is_empty(), "no such metric: {unknown:?}");
    let unread: Vec<&str> = code.difference(&read).copied().collect();
    assert!(unread.is_empty(), "in no rule and no panel: {unread:?}");

    let tests: String = kit::yml("tests").iter().map(kit::read).collect();
    let runbooks = kit::read("idempotent-runtime/docs/alerts.md");
    for name in used(&tests).union(&used(&runbooks)) {
        assert!(code.contains(name), "no such metric: {name}");
    }
    for (metric, label) in selected(&(both + &tests)) {
        let known = metric.labels.contains(&label) || ["job", "instance", "le"].contains(&label);
        assert!(known, "{} has no label {label}", metric.name);
    }
}

#[test]
fn every_recorded_series_that_is_read_is_recorded() {
    let rules = kit::rules();
    let recorded = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || "_:".contains(c)));
        let words = words.filter(|word| word.contains(":idempotency_"));
        words.map(str::to_owned).collect()
    };
    let defined = rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- record: "));
    let defined: BTreeSet<String> = defined.map(str::to_owned).collect();
    assert!(!defined.is_empty());
    assert_eq!(recorded(&(rules + &dashboard())), defined);
}

/// The chapter's list: names, and their labels as it writes them.
fn chapter() -> BTreeMap<String, String> {
    let chapter = kit::read("idempotent-runtime/docs/metrics.md");
    let rows = chapter
        .lines()
        .filter(|line| line.starts_with("| `idempotency_"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        (cells[1].trim_matches('`').to_owned(), cells[3].to_owned())
    })
    .collect()
}

/// Every expression of the dashboard, and the queries of its variables.
fn dashboard() -> String {
    fn gather(value: &Value, into: &mut String) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value.as_str() {
                        Some(text) if ["expr", "query"].contains(&name.as_str()) => {
                            into.push_str(text);
                            into.push('\n');
                        }
                        _ => gather(value, into),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| gather(item, into)),
            _ => {}
        }
    }
    let dashboard = kit::read("monitoring/dashboard.json");
    let dashboard = serde_json::from_str(&dashboard).expect("is JSON");
    let mut expressions = String::new();
    gather(&dashboard, &mut expressions);
    expressions
}

/// The names in a text that look like metrics of ours, a histogram's parts as
/// the histogram.
fn used(text: &str) -> BTreeSet<&str> {
    names(text).map(|(name, _)| whole(name)).collect()
}

/// Which labels the selectors of a text name.
fn selected(text: &str) -> Vec<(&'static Metric, &str)> {
    let selectors = names(text).filter_map(|(name, after)| {
        let metric = METRICS.iter().find(|it| it.name == whole(name))?;
        let (labels, _) = after.strip_prefix('{')?.split_once('}')?;
        Some((metric, labels))
    });
    selectors
        .flat_map(|(metric, labels)| {
            let labels = labels
                .split(", ")
                .filter_map(|label| label.split_once(['=', '!']));
            labels.map(move |(label, _)| (metric, label))
        })
        .collect()
}

/// Each name, and the text behind it. Not what a rule records (`a:b:c`).
fn names(text: &str) -> impl Iterator<Item = (&str, &str)> {
    const PREFIX: &str = "idempotency_";
    text.match_indices(PREFIX).filter_map(move |(at, _)| {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_ascii_alphanumeric() || "_:".contains(c)) {
            return None;
        }
        let rest = &text[at..];
        let end = rest.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'));
        Some(rest.split_at(end.unwrap_or(rest.len())))
    })
}

fn whole(name: &str) -> &str {
    let histograms = METRICS
        .iter()
        .filter(|metric| metric.kind == Kind::Histogram);
    let mut parts = histograms.map(|metric| metric.name);
    let is_part = |whole: &&str| {
        let suffix = name.strip_prefix(whole);
        suffix.is_some_and(|it| ["_bucket", "_count", "_sum"].contains(&it))
    };
    parts.find(is_part).unwrap_or(name)
}
