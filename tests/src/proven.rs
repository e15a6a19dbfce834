//! The conformance suite on a backend, and its verdicts for the table of cases
//! by backends that `cargo xtask test` prints.

use std::fmt::Write;
use std::path::PathBuf;

use idempotent_runtime::Store;
use idempotent_runtime::conformance::{Report, Verdict, check};

/// Where `cargo xtask test` looks for verdicts.
const DIRECTORY: &str = "IDEMPOTENT_TEST_SERVERS_DIR";

/// Proves a store, and leaves its verdicts for the table.
pub async fn keeps_every_promise(backend: &str, store: impl Store) -> Report {
    let report = check(store).await;
    // Also of a store that fails: the table shows where.
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        let path = PathBuf::from(directory).join(format!("conformance-{backend}.txt"));
        std::fs::write(&path, verdicts(&report)).expect("the servers' directory can be written to");
    }
    report.assert_passed();
    report
}

/// A line for each case: its verdict, a tab, its name.
fn verdicts(report: &Report) -> String {
    report.rows().iter().fold(String::new(), |mut lines, row| {
        let verdict = match row.verdict {
            Verdict::Passed => "passed",
            Verdict::NotApplicable => "n.a.",
            Verdict::Failed(_) => "FAILED",
        };
        let _ = writeln!(lines, "{verdict}\t{}", row.case.name);
        lines
    })
}
