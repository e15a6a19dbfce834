//! The zoo: a server, right or with one flaw, run through the scenarios.

use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use clap::ValueEnum as _;

use super::{Flaw, Server, plan, record, spans, traffic::with_server_error};
use crate::{
    case, generate,
    net::{Process, Target},
    plan::{AfterCrash, Budget, Profile, Span},
    run::{self, Options, Unwatched},
    verdict::{Finding, Report, State},
};

/// What a visit asks for.
pub(crate) struct Visit<'a> {
    pub flaw: Option<Flaw>,
    pub seed: u64,
    /// Only these scenarios; all if empty.
    pub only: &'a [&'a str],
    pub bursts: usize,
    pub place: Place,
}

/// Where a server runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// On threads of this process, with two doors.
    Here,
    /// As a process that is stopped and killed, its payments in a file.
    Process,
}

/// Starts the server, and runs the scenarios against it.
pub(crate) fn visit(visit: &Visit<'_>) -> Result<Report, String> {
    let budget = Budget {
        bursts: visit.bursts,
        ..Budget::default()
    };
    let stuck = matches!(
        visit.flaw,
        Some(Flaw::LockForEver | Flaw::LockOutlives | Flaw::LeaseEnds)
    );
    let expires = matches!(
        visit.flaw,
        Some(Flaw::TtlShort | Flaw::TtlEndless | Flaw::Forgets)
    );
    let run = |url: &str, second: Option<&str>, process| {
        run(Run {
            url,
            second,
            process,
            seed: visit.seed,
            only: visit.only,
            budget: budget.clone(),
            // A key that is in use for ever is judged against the lease that is declared.
            lease: stuck.then_some(Span(spans::LEASE)),
            ttl: expires.then_some(Span(spans::TTL)),
            fails: visit.flaw == Some(Flaw::ErrorForEver),
        })
    };
    match visit.place {
        Place::Here => {
            let flaws: Vec<_> = visit.flaw.into_iter().collect();
            let server = Server::start(&flaws)?;
            run(&server.url(), Some(&server.second_url()), None)
        }
        Place::Process => {
            let folder = scratch();
            std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
            let url = format!("http://127.0.0.1:{}", free_port()?);
            let command = serve(visit.flaw, &url, &folder.join("journal"))?;
            let target = Target::resolve(&url, None)?;
            let process = Process::new(&command, "/v1/ledger", &target)?;
            process.again()?;
            let report = run(&url, None, Some(process));
            std::fs::remove_dir_all(&folder).map_err(|e| e.to_string())?;
            report
        }
    }
}

fn free_port() -> Result<u16, String> {
    let fail = |e: std::io::Error| format!("a free port: {e}");
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(fail)?;
    Ok(listener.local_addr().map_err(fail)?.port())
}

/// The command that serves there with a file of payments.
fn serve(flaw: Option<Flaw>, url: &str, journal: &Path) -> Result<String, String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let listen = url.trim_start_matches("http://");
    let mut command = format!(
        "'{}' serve --listen {listen} --journal '{}'",
        program.display(),
        journal.display()
    );
    if let Some(value) = flaw.and_then(|f| f.to_possible_value()) {
        command.push_str(" --flaw ");
        command.push_str(value.get_name());
    }
    Ok(command)
}

/// A run against a server of the demo that is there.
pub(super) struct Run<'a> {
    pub(super) url: &'a str,
    /// Its second door.
    pub(super) second: Option<&'a str>,
    /// What it runs in, if it may be stopped and killed.
    pub(super) process: Option<Process>,
    pub(super) seed: u64,
    pub(super) only: &'a [&'a str],
    pub(super) budget: Budget,
    pub(super) lease: Option<Span>,
    pub(super) ttl: Option<Span>,
    /// Whether the failing payment fails on the service's side.
    pub(super) fails: bool,
}

/// Records the demo's traffic, plans and runs.
pub(super) fn run(run: Run<'_>) -> Result<Report, String> {
    // The traffic is a right server's: a flaw must not hide in the plan.
    let right = Server::start(&[])?;
    let folder = scratch();
    record(&right.url(), &folder, true)?;
    let cases = case::load(&folder.join("cases")).map_err(|e| e.to_string())?;
    std::fs::remove_dir_all(&folder).map_err(|e| e.to_string())?;
    let mut plan = plan(generate::plan(&cases, Profile::Default));
    if run.fails {
        plan = with_server_error(plan);
    }
    plan.budget = run.budget;
    plan.lease = run.lease;
    plan.ttl = run.ttl;
    // Record and effect are one line of the file.
    plan.after_crash = Some(AfterCrash::ExactlyOnce);
    let others = run.second.map(|url| Target::resolve(url, None));
    let options = Options {
        only: run.only.iter().map(|s| (*s).to_owned()).collect(),
        process: run.process,
        others: others.into_iter().collect::<Result<_, _>>()?,
        headers: vec![("Authorization".to_owned(), "Bearer alice".to_owned())],
        ..Options::new(Target::resolve(run.url, None)?, run.seed)
    };
    let cases: BTreeMap<_, _> = cases.into_iter().collect();
    let report = run::run(&plan, &cases, &options, &Unwatched)?;
    match report.ended {
        Some(ended) => Err(ended.line()),
        None => Ok(report),
    }
}

/// A folder that no other visit has.
fn scratch() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("cargo-idempotent-zoo-{}-{number}", std::process::id());
    std::env::temp_dir().join(name)
}

/// What a report accuses.
pub(crate) fn accused(report: &Report) -> impl Iterator<Item = &Finding> {
    let findings = report.findings.iter();
    findings.filter(|f| f.state == State::Violation)
}

#[cfg(test)]
mod tests {
    use super::{Place, Visit, accused, visit};
    use crate::{demo::Flaw, verdict::State};

    #[test]
    fn a_key_that_is_looked_up_before_the_body_is_found_by_a_slow_client() {
        let report = visit(&Visit {
            flaw: Some(Flaw::RaceBeforeBody),
            seed: 1,
            only: &["payments/slow"],
            bursts: 1,
            place: Place::Here,
        });
        let report = report.unwrap();
        let found: Vec<_> = accused(&report).map(|f| f.scenario.as_str()).collect();
        assert_eq!(found, ["slow"]);
    }

    #[test]
    fn the_right_service_is_accused_of_nothing_and_proven() {
        let report = visit(&Visit {
            flaw: None,
            seed: 1,
            only: &[],
            bursts: 100,
            place: Place::Here,
        });
        let report = report.unwrap();
        assert_eq!(accused(&report).count(), 0, "{:#?}", report.findings);
        let open = report
            .findings
            .iter()
            .filter(|f| f.state == State::NotProven);
        assert_eq!(open.count(), 0, "{:#?}", report.findings);
        let mut facts = report.findings.iter().flat_map(|f| &f.evidence.facts);
        assert!(facts.any(|f| f.starts_with("the target speaks HTTP/2")));
    }
}
