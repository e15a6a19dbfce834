//! What the suite found, as values and as a table.

use std::fmt;

use super::case::Case;

/// Every case with its verdict; [`Display`](fmt::Display) shows the table.
#[derive(Debug, Clone)]
pub struct Report {
    rows: Vec<Row>,
}

/// A case and its verdict.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Row {
    /// The case.
    pub case: Case,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The store keeps the promise.
    Passed,
    /// The store does not have the optional verb.
    NotApplicable,
    /// The store broke the promise, and how.
    Failed(String),
}

impl Report {
    pub(super) fn new(rows: Vec<Row>) -> Self {
        Self { rows }
    }

    /// All cases, in the table's order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many cases passed.
    pub fn passed(&self) -> usize {
        self.count(&Verdict::Passed)
    }

    /// How many cases do not apply to this store.
    pub fn not_applicable(&self) -> usize {
        self.count(&Verdict::NotApplicable)
    }

    /// The cases that failed, with what happened.
    pub fn failures(&self) -> impl Iterator<Item = (&Case, &str)> {
        self.rows.iter().filter_map(|row| match &row.verdict {
            Verdict::Failed(what) => Some((&row.case, what.as_str())),
            _ => None,
        })
    }

    /// Prints the table.
    ///
    /// # Panics
    ///
    /// With the list of all failures, if there is one.
    pub fn assert_passed(&self) {
        println!("{self}");
        let failures: Vec<_> = self
            .failures()
            .map(|(case, what)| format!("{} (invariants {:?}): {what}", case.name, case.invariants))
            .collect();
        assert!(
            failures.is_empty(),
            "the store breaks {} of its promises:\n{}",
            failures.len(),
            failures.join("\n")
        );
    }

    fn count(&self, verdict: &Verdict) -> usize {
        let of_it = |row: &&Row| row.verdict == *verdict;
        self.rows.iter().filter(of_it).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.case.name.len()).max();
        let width = width.unwrap_or(0);
        writeln!(f, "{:width$} | invariants | verdict", "case")?;
        for Row { case, verdict } in &self.rows {
            let invariants: Vec<_> = case.invariants.iter().map(u8::to_string).collect();
            let invariants = invariants.join(", ");
            let verdict = match verdict {
                Verdict::Passed => "passed",
                Verdict::NotApplicable => "n.a.",
                Verdict::Failed(_) => "FAILED",
            };
            writeln!(f, "{:width$} | {invariants:10} | {verdict}", case.name)?;
        }
        write!(
            f,
            "{} passed, {} failed, {} not applicable",
            self.passed(),
            self.failures().count(),
            self.not_applicable()
        )
    }
}
