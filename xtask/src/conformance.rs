//! The conformance suite's cases by backends: each backend's test leaves a file
//! of verdicts in the servers' directory, and the table shows them side by side.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::path::Path;

/// One column for each backend that was proven, in alphabetical order.
#[derive(Debug, Default)]
pub(crate) struct Conformance {
    backends: Vec<Backend>,
}

#[derive(Debug)]
struct Backend {
    name: String,
    /// Verdict and case, in the suite's order.
    verdicts: Vec<(String, String)>,
}

impl Conformance {
    /// What the tests left in `directory`.
    pub(crate) fn read(directory: &Path) -> Self {
        let files = fs::read_dir(directory).into_iter().flatten().flatten();
        let mut backends: Vec<_> = files
            .filter_map(|file| {
                let name = file.file_name().into_string().ok()?;
                let name = name.strip_prefix("conformance-")?.strip_suffix(".txt")?;
                Some(Backend::of(name, &fs::read_to_string(file.path()).ok()?))
            })
            .collect();
        backends.sort_by(|one, other| one.name.cmp(&other.name));
        Self { backends }
    }

    /// Whether the suite ran on this backend.
    pub(crate) fn has(&self, backend: &str) -> bool {
        self.backends.iter().any(|proven| proven.name == backend)
    }
}

impl Backend {
    fn of(name: &str, lines: &str) -> Self {
        let verdicts = lines
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(verdict, case)| (verdict.to_owned(), case.to_owned()))
            .collect();
        Self {
            name: name.to_owned(),
            verdicts,
        }
    }

    fn count(&self, verdict: &str) -> usize {
        let of_it = |(found, _): &&(String, String)| found == verdict;
        self.verdicts.iter().filter(of_it).count()
    }
}

impl Display for Conformance {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Some(first) = self.backends.first() else {
            return Ok(());
        };
        let cases: Vec<_> = first.verdicts.iter().map(|(_, case)| case).collect();
        let width = cases.iter().map(|case| case.len()).max().unwrap_or(0);
        let line = |f: &mut Formatter<'_>, head: &str, cell: &dyn Fn(&Backend) -> String| {
            write!(f, "{head:width$}")?;
            for backend in &self.backends {
                write!(f, "  {:>1$}", cell(backend), backend.name.len().max(6))?;
            }
            writeln!(f)
        };
        line(f, "case", &|backend| backend.name.clone())?;
        for case in cases {
            line(f, case, &|backend| {
                let found = backend.verdicts.iter().find(|(_, name)| name == case);
                found.map_or("-", |(verdict, _)| verdict).to_owned()
            })?;
        }
        for verdict in ["passed", "FAILED", "n.a."] {
            line(f, verdict, &|backend| backend.count(verdict).to_string())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_each_case_by_each_backend_and_counts() {
        let conformance = Conformance {
            backends: vec![
                Backend::of("memory", "passed\tone runner\npassed\ta quota\n"),
                Backend::of("redis", "FAILED\tone runner\nn.a.\ta quota\n"),
            ],
        };
        let table = "\
case        memory   redis
one runner  passed  FAILED
a quota     passed    n.a.
passed           2       0
FAILED           0       1
n.a.             0       1
";
        assert_eq!(conformance.to_string(), table);
        assert!(conformance.has("redis") && !conformance.has("sqlite"));
    }
}
