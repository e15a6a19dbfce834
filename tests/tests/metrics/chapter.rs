//! The chapter's table is made from the list of metrics. To write it anew:
//! `UPDATE_EXPECT=1 cargo test -p tests --test metrics chapter`.

use std::fmt::Write;
use std::path::Path;

use idempotent_runtime::metrics::METRICS;

#[test]
fn the_chapter_lists_every_metric_and_no_other() {
    holds("metrics.md", &table());
}

/// The chapter has this table between its two marks.
pub(crate) fn holds(chapter: &str, table: &str) {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../idempotent-runtime/docs");
    let path = docs.join(chapter);
    let chapter = std::fs::read_to_string(&path).expect("the chapter");
    let (head, rest) = chapter.split_once("<!-- list -->\n").expect("its list");
    let (found, tail) = rest.split_once("<!-- end -->\n").expect("the list's end");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let written = format!("{head}<!-- list -->\n{table}<!-- end -->\n{tail}");
        return std::fs::write(&path, written).expect("a chapter that can be written");
    }
    assert_eq!(found, table, "see this file's head");
}

fn table() -> String {
    let mut table =
        "| metric | kind | labels | what it means; what to do |\n|---|---|---|---|\n".to_owned();
    for metric in METRICS {
        let labels = metric.labels.join(", ");
        let kind = format!("{:?}", metric.kind).to_lowercase();
        let (name, meaning, action) = (metric.name, metric.meaning, metric.action);
        writeln!(
            table,
            "| `{name}` | {kind} | {labels} | {meaning} {action} |"
        )
        .expect("a text");
    }
    table
}
