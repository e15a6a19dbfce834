//! `run`: the plan with the command line's changes, and the run's folder.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use super::{
    End,
    args::{self, Form, MinOracle},
    change::{self, change},
    progress::Progress,
    signals,
};
use crate::{
    Problem,
    case::Case,
    net::{Process, Target},
    oracle::Sink,
    plan::{Plan, beside},
    report,
    run::{self, Options, Stop},
    verdict::{Ended, Report},
};

pub(super) fn run(args: &args::Run) -> Result<End, Problem> {
    let principals = change::principals(args)?;
    let known: Vec<_> = principals.iter().map(|(name, ..)| *name).collect();
    let mut plan = Plan::load(&args.plan, &known)?;
    for (name, header, value) in &principals {
        let principal = plan.principals.entry((*name).to_owned()).or_default();
        principal.headers.insert(header.clone(), value.clone());
    }
    change(&mut plan, args)?;
    let cases = cases(&args.plan, &plan)?;
    let (allowed, trust) = (args.i_may_change_data_on.as_deref(), args.trusted.trust());
    let target =
        Target::trusting(&plan.target, allowed, &trust).map_err(|e| Problem::at(0, "target", e))?;
    let others = args.target.iter().skip(1).map(|other| {
        let resolved = Target::trusting(other, allowed, &trust);
        resolved.map_err(|e| Problem::at(0, "--target", e))
    });
    let others = others.collect::<Result<Vec<_>, _>>()?;
    let headers = args.header.iter().map(|h| change::header("--header", h));
    // Before the target's process: it may look for its downstream service at once.
    let sink = match &plan.oracles.sink {
        Some(sink) if !args.dry_run => {
            let opened = Sink::open(sink).map_err(|e| Problem::at(0, "oracles.sink", e))?;
            println!("the sink stands at http://{}", opened.address());
            Some(Arc::new(opened))
        }
        _ => None,
    };
    let stop = if args.dry_run {
        Arc::default()
    } else {
        signals::stop().map_err(|e| Problem::at(0, "signals", e))?
    };
    let process = match &args.target_cmd {
        Some(command) if !args.dry_run => {
            let process = Process::new(command, &args.ready, &target);
            Some(process.map_err(|e| Problem::at(0, "--target-cmd", e))?)
        }
        _ => None,
    };
    let absent = process.as_ref().and_then(|p| started(p, &stop).err());
    let seed = args.seed.unwrap_or_else(|| seconds() % 1_000_000);
    let named = || PathBuf::from(format!("runs/{}-{seed}", stamp(seconds())));
    let out = args.out.clone().unwrap_or_else(named);
    let options = Options {
        target,
        others,
        effects_only: matches!(args.min_oracle, Some(MinOracle::Effect)),
        events: (!args.dry_run).then(|| out.join("events.jsonl")),
        process,
        sink,
        seed,
        only: args.only.clone(),
        skip: args.skip.clone(),
        patience: args.patience.0,
        headers: headers.collect::<Result<_, Problem>>()?,
        stop,
        absent,
    };
    if args.dry_run {
        for line in run::dry(&plan, &cases, &options) {
            println!("{line}");
        }
        return Ok(End::Good);
    }
    let how = How {
        quiet: args.quiet,
        forms: &args.report,
        plan: &args.plan.display().to_string(),
        out: &out,
    };
    let report = execute(&plan, &cases, &options, &how)?;
    Ok(End::Found(report::code(&report, args.allow_not_proven)))
}

/// Starts the target; why there is none, if so.
fn started(process: &Process, stop: &Stop) -> Result<(), Ended> {
    let during = "the start of --target-cmd";
    process.again().map_err(|why| {
        if let Some(how) = stop.asked() {
            Ended::asked(how, during)
        } else {
            let mend = "run the command by itself and see what it says; --ready names a path that \
                        answers once it is up";
            Ended::by_target(during, why, mend)
        }
    })
}

/// What becomes of a run's findings.
pub(super) struct How<'a> {
    pub(super) quiet: bool,
    pub(super) forms: &'a [Form],
    /// The plan's file, for reports that point at it.
    pub(super) plan: &'a str,
    pub(super) out: &'a Path,
}

/// Runs, prints each finding as it comes, and writes the run's folder, also of a run that
/// ended early.
pub(super) fn execute(
    plan: &Plan,
    cases: &BTreeMap<String, Case>,
    options: &Options,
    how: &How<'_>,
) -> Result<Report, Problem> {
    println!("target {}, seed {}", options.target.url, options.seed);
    for caveat in options.caveats() {
        println!("{caveat}");
    }
    let progress = Progress::new(options.seed, how.quiet);
    let run = run::run(plan, cases, options, &progress);
    progress.end();
    let mut report = run.map_err(|message| Problem::at(0, "", message))?;
    super::report::timelines(&mut report, how.out)?;
    super::report::make(&report, &[Form::Json], how.out, "")?;
    super::report::make(&report, how.forms, how.out, how.plan)?;
    println!("reports in {}", how.out.display());
    println!("{}", report::summary(&report));
    Ok(report)
}

/// The cases that the plan names, by their names in it.
fn cases(plan_file: &Path, plan: &Plan) -> Result<BTreeMap<String, Case>, Problem> {
    let own = plan.endpoints.iter().map(|e| &e.request.case);
    let needed = plan
        .endpoints
        .iter()
        .flat_map(|e| &e.needs)
        .map(|n| &n.from);
    let ids: Vec<_> = plan.endpoints.iter().map(|e| &e.id).collect();
    let mut cases = BTreeMap::new();
    for file in own.chain(needed.filter(|f| !ids.contains(f))) {
        let path = beside(plan_file, file);
        let case = crate::case::read(&path)?;
        cases.insert(file.clone(), case);
    }
    Ok(cases)
}

#[allow(clippy::disallowed_methods, reason = "a folder's name, for people")]
fn seconds() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |d| d.as_secs())
}

/// A moment as folders are named by it, in UTC: they sort by time.
fn stamp(seconds: u64) -> String {
    // The civil date, by counting eras of 400 years from 1 March 0000.
    let (day, second) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, of_era) = (day / 146_097, day % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    format!(
        "{year:04}{month:02}{date:02}T{hour:02}{minute:02}{:02}Z",
        second % 60
    )
}

#[cfg(test)]
mod tests {
    use super::stamp;

    #[test]
    fn a_runs_folder_is_named_by_the_moment_in_utc() {
        assert_eq!(stamp(0), "19700101T000000Z");
        assert_eq!(stamp(951_782_400), "20000229T000000Z");
        assert_eq!(stamp(1_795_537_981), "20261124T163301Z");
        assert_eq!(stamp(1_798_761_599), "20261231T235959Z");
    }
}
