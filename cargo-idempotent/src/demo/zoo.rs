//! The zoo: a server with one flaw, run through the scenarios.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use super::{Flaw, Server, plan, record, traffic::with_server_error};
use crate::{
    case, generate,
    net::Target,
    plan::{Budget, Profile, Span},
    run::{self, Options, Trouble, Unwatched},
    verdict::{Report, State},
};

/// What a visit asks for.
pub(crate) struct Visit<'a> {
    pub flaw: Option<Flaw>,
    pub seed: u64,
    /// Only these scenarios; all if empty.
    pub only: &'a [&'a str],
    pub bursts: usize,
}

/// Starts the server, and runs the scenarios against it.
pub(crate) fn visit(visit: &Visit<'_>) -> Result<Report, String> {
    let flaws: Vec<_> = visit.flaw.into_iter().collect();
    let server = Server::start(&flaws)?;
    run(&Run {
        url: &server.url(),
        second: Some(&server.second_url()),
        seed: visit.seed,
        only: visit.only,
        budget: Budget {
            bursts: visit.bursts,
            ..Budget::default()
        },
        // A key that is in use for ever is judged against the lease that is declared.
        lease: (visit.flaw == Some(Flaw::LockForEver)).then(|| Span::seconds(1)),
        fails: visit.flaw == Some(Flaw::ErrorForEver),
    })
}

/// A run against a server of the demo that is there.
pub(super) struct Run<'a> {
    pub(super) url: &'a str,
    /// Its second door.
    pub(super) second: Option<&'a str>,
    pub(super) seed: u64,
    pub(super) only: &'a [&'a str],
    pub(super) budget: Budget,
    pub(super) lease: Option<Span>,
    /// Whether the failing payment fails on the service's side.
    pub(super) fails: bool,
}

/// Records the demo's traffic, plans and runs.
pub(super) fn run(run: &Run<'_>) -> Result<Report, String> {
    // The traffic is a right server's: a flaw must not hide in the plan.
    let right = Server::start(&[])?;
    let folder = scratch();
    record(&right.url(), &folder)?;
    let cases = case::load(&folder.join("cases")).map_err(|e| e.to_string())?;
    std::fs::remove_dir_all(&folder).map_err(|e| e.to_string())?;
    let mut plan = plan(generate::plan(&cases, Profile::Default));
    if run.fails {
        plan = with_server_error(plan);
    }
    plan.budget = run.budget.clone();
    plan.lease = run.lease;
    let others = run.second.map(|url| Target::resolve(url, None));
    let options = Options {
        only: run.only.iter().map(|s| (*s).to_owned()).collect(),
        others: others.into_iter().collect::<Result<_, _>>()?,
        headers: vec![("Authorization".to_owned(), "Bearer alice".to_owned())],
        ..Options::new(Target::resolve(run.url, None)?, run.seed)
    };
    let cases: BTreeMap<_, _> = cases.into_iter().collect();
    run::run(&plan, &cases, &options, &Unwatched).map_err(|t| match t {
        Trouble::Usage(e) | Trouble::Target(e) => e,
    })
}

/// A folder that no other visit has.
fn scratch() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("cargo-idempotent-zoo-{}-{number}", std::process::id());
    std::env::temp_dir().join(name)
}

/// The scenarios that a report accuses.
pub(crate) fn accused(report: &Report) -> Vec<&str> {
    let violated = report
        .findings
        .iter()
        .filter(|f| f.state == State::Violation);
    violated.map(|f| f.scenario.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Visit, accused, visit};
    use crate::{demo::Flaw, verdict::State};

    #[test]
    fn a_key_that_is_looked_up_before_the_body_is_found_by_a_slow_client() {
        let report = visit(&Visit {
            flaw: Some(Flaw::RaceBeforeBody),
            seed: 1,
            only: &["slow"],
            bursts: 1,
        });
        assert_eq!(accused(&report.unwrap()), ["slow"]);
    }

    #[test]
    fn the_right_service_is_accused_of_nothing_and_proven() {
        let report = visit(&Visit {
            flaw: None,
            seed: 1,
            only: &[],
            bursts: 200,
        });
        let report = report.unwrap();
        assert_eq!(accused(&report), [""; 0], "{:#?}", report.findings);
        let open = report
            .findings
            .iter()
            .filter(|f| f.state == State::NotProven);
        assert_eq!(open.count(), 0, "{:#?}", report.findings);
        let mut facts = report.findings.iter().flat_map(|f| &f.evidence.facts);
        assert!(facts.any(|f| f.starts_with("the target speaks HTTP/2")));
    }
}
