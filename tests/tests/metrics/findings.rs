//! The chapter's table of findings is made from their words; see `chapter.rs`.

use std::fmt::Write;

use idempotent_runtime::findings::FindingKind;

use crate::chapter;

#[test]
fn the_chapter_has_the_words_of_every_finding() {
    let mut table = "| finding | what happened | why it matters | what to do |\n\
                     |---|---|---|---|\n"
        .to_owned();
    for kind in FindingKind::ALL {
        let text = kind.text();
        let (what, why, action) = (text.what, text.why, text.action);
        writeln!(table, "| {} | {what} | {why} | {action} |", text.name).expect("a text");
    }
    chapter::holds("monitoring.md", &table);
}
