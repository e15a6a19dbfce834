//! Sums up what `cargo test` prints.
//!
//! libtest opens a program's part with `running 3 tests` and closes it with
//! `test result: ok. 3 passed; …`. A program that crashes never closes its part,
//! and a failing test's own output may hold such lines of its own: neither must
//! change the sums.

use std::fmt::{self, Display, Formatter};

/// The sums so far.
#[derive(Debug, Default)]
pub(crate) struct Results {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
    /// The names of failed tests, for the end of a long log.
    pub(crate) failures: Vec<String>,
    /// The count that the running program announced.
    open: Option<usize>,
    /// Whether the captured output of failed tests is being shown.
    in_failures: bool,
}

impl Results {
    /// Takes the next line of the output.
    pub(crate) fn see(&mut self, line: &str) {
        if let Some(announced) = announced(line) {
            if !self.in_failures {
                self.close();
                self.open = Some(announced);
            }
        } else if line == "failures:" && self.open.is_some() {
            self.in_failures = true;
        } else if let Some(name) = failed_test(line) {
            if !self.in_failures {
                self.failures.push(name.to_owned());
            }
        } else if let Some(counts) = counts(line)
            && self.open == Some(counts.iter().sum())
        {
            let [passed, failed, ignored, _measured] = counts;
            self.passed += passed;
            self.failed += failed;
            self.skipped += ignored;
            self.open = None;
            self.in_failures = false;
        }
    }

    /// The output has ended; `success` is what cargo's exit code said.
    pub(crate) fn end(&mut self, success: bool) {
        self.close();
        if !success && self.failed == 0 {
            self.fail("cargo test failed without a failed test: see its last lines");
        }
    }

    /// Counts something that is no test of its own as failed.
    pub(crate) fn fail(&mut self, what: &str) {
        self.failed += 1;
        self.failures.push(what.to_owned());
    }

    /// Counts something that was left out on purpose.
    pub(crate) fn skip(&mut self) {
        self.skipped += 1;
    }

    /// A program that still runs when the next one starts has crashed.
    fn close(&mut self) {
        if let Some(announced) = self.open.take() {
            self.in_failures = false;
            self.fail(&format!(
                "a program of {announced} tests ended without a result: it crashed or was killed"
            ));
        }
    }
}

impl Display for Results {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            passed,
            failed,
            skipped,
            ..
        } = self;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

/// N in `running N tests`.
fn announced(line: &str) -> Option<usize> {
    let count = line.strip_prefix("running ")?;
    let count = count
        .strip_suffix(" tests")
        .or(count.strip_suffix(" test"))?;
    count.parse().ok()
}

/// NAME in `test NAME ... FAILED`.
fn failed_test(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

/// Passed, failed, ignored and measured in `test result: …`.
fn counts(line: &str) -> Option<[usize; 4]> {
    let (_verdict, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut parts = counts.split("; ");
    let mut next =
        |word: &str| -> Option<usize> { parts.next()?.strip_suffix(word)?.trim_end().parse().ok() };
    Some([
        next("passed")?,
        next("failed")?,
        next("ignored")?,
        next("measured")?,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(output: &str, success: bool) -> Results {
        let mut results = Results::default();
        output.lines().for_each(|line| results.see(line));
        results.end(success);
        results
    }

    const GREEN: &str = "\nrunning 3 tests\ntest a ... ok\ntest b ... ignored\ntest c ... ok\n\n\
        test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.00s\n";
    const RED: &str = "running 1 test\ntest a ... FAILED\n\nfailures:\n\n---- a stdout ----\n\
        running 1 test\ntest inner ... FAILED\ntest result: ok. 9 passed; 0 failed; 0 ignored; 0 measured; \
        0 filtered out; finished in 0.10s\n\nfailures:\n    a\n\n\
        test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";

    #[test]
    fn adds_up_several_programs() {
        let results = results(&[GREEN, GREEN].concat(), true);
        assert_eq!(results.to_string(), "4 passed, 0 failed, 2 skipped");
    }

    #[test]
    fn takes_no_count_from_a_failed_test_s_own_output() {
        let results = results(&[RED, GREEN].concat(), false);
        assert_eq!(results.to_string(), "2 passed, 1 failed, 1 skipped");
        assert_eq!(results.failures, ["a"]);
    }

    #[test]
    fn counts_a_crash_between_two_programs_as_failed() {
        let results = results(&["running 7 tests\ntest a ... ok\n", GREEN].concat(), false);
        assert_eq!(results.to_string(), "2 passed, 1 failed, 1 skipped");
        assert!(results.failures[0].contains("7 tests"));
    }

    #[test]
    fn counts_a_crash_of_the_last_program_as_failed() {
        let results = results(&[GREEN, "running 1 test\n"].concat(), true);
        assert_eq!(results.to_string(), "2 passed, 1 failed, 1 skipped");
    }

    #[test]
    fn a_failure_that_no_test_names_still_fails() {
        let results = results("", false);
        assert_eq!(results.to_string(), "0 passed, 1 failed, 0 skipped");
    }
}
