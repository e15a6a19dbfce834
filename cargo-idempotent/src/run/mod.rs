//! `run`: each endpoint of a plan through its controls and scenarios.

mod after;
mod allowance;
mod bench;
mod controls;
mod course;
mod effects;
mod events;
mod exchange;
mod idle;
mod intent;
mod judge;
mod over;
mod payloads;
mod principal;
mod repeat;
mod secrets;
mod stop;
mod watch;
mod witness;

pub(crate) use allowance::Allowance;
pub(crate) use bench::Bench;
pub(crate) use controls::Proved;
use course::Place;
use events::Events;
pub(crate) use events::Moments;
pub(crate) use intent::Intent;
pub(crate) use principal::CREDENTIALS;
pub(crate) use stop::Stop;
pub(crate) use watch::{Begun, Bursts, Unwatched, Watch};
pub(crate) use witness::readable;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use crate::{
    case::Case,
    net::{Process, Protocol, Target, micros, now},
    oracle::Sink,
    plan::{Endpoint, Plan},
    scenario::{SCENARIOS, Scenario},
    verdict::{Ended, Report},
};

/// What a run needs beside the plan.
pub(crate) struct Options {
    pub target: Target,
    /// Other instances of the same service.
    pub others: Vec<Target>,
    pub seed: u64,
    pub only: Vec<String>,
    pub skip: Vec<String>,
    /// The longest that any scenario waits for a lease or a ttl to end.
    pub patience: Duration,
    /// Whether a proof has to rest on effects.
    pub effects_only: bool,
    /// The target's process, if it is ours.
    pub process: Option<Process>,
    /// The downstream service that the tool plays.
    pub sink: Option<Arc<Sink>>,
    /// Where each request's moments are written.
    pub events: Option<PathBuf>,
    /// Headers that go with every request.
    pub headers: Vec<(String, String)>,
    /// Asks the run to stop.
    pub stop: Arc<Stop>,
    /// Why the target is not there at all, if so: nothing is run, and the report says it.
    pub absent: Option<Ended>,
}

impl Options {
    /// Everything selected, one instance that is not ours to stop.
    pub(crate) fn new(target: Target, seed: u64) -> Self {
        Self {
            target,
            others: Vec::new(),
            seed,
            only: Vec::new(),
            skip: Vec::new(),
            patience: Duration::from_secs(30),
            effects_only: false,
            process: None,
            sink: None,
            events: None,
            headers: Vec::new(),
            stop: Arc::default(),
            absent: None,
        }
    }

    /// Every instance of the service, the first one first.
    fn targets(&self) -> impl Iterator<Item = &Target> {
        std::iter::once(&self.target).chain(&self.others)
    }

    /// What has to be said of how the targets are spoken to.
    pub(crate) fn caveats(&self) -> Vec<String> {
        self.targets().filter_map(Target::caveat).collect()
    }

    /// Why a target over https is not who it should be, if so: what is not said at once
    /// would be said of each request.
    fn distrusted(&self) -> Option<Ended> {
        let why = self
            .targets()
            .try_for_each(|t| t.greet(Protocol::Http1))
            .err()?;
        let mend = "see that the target is who it should be, and that this tool can know it";
        Some(Ended::by_target(
            "the first handshake",
            why.to_string(),
            mend,
        ))
    }
}

/// What a run is bounded and seen by.
#[derive(Clone, Copy)]
struct Eyes<'a> {
    allowance: &'a Allowance,
    watch: &'a dyn Watch,
    events: &'a Events,
}

/// Runs a plan; `watch` is told of each scenario and finding as it comes. What is wrong
/// with the plan is an error; a run that its target or a signal ends has its report.
pub(crate) fn run(
    plan: &Plan,
    cases: &BTreeMap<String, Case>,
    options: &Options,
    watch: &dyn Watch,
) -> Result<Report, String> {
    let start = now();
    let secrets = secrets::read(plan, cases, options)?;
    let events = Events::new(options.events.as_deref())?;
    let allowance = Allowance::new(plan.budget.effects);
    let mut report = Report {
        version: 1,
        tool: concat!("cargo-idempotent ", env!("CARGO_PKG_VERSION")).to_owned(),
        target: options.target.url.clone(),
        profile: format!("{:?}", plan.profile).to_lowercase(),
        seed: options.seed,
        took_ms: 0,
        requests: 0,
        bursts: 0,
        effects: None,
        notes: options.caveats(),
        ended: options.absent.clone().or_else(|| options.distrusted()),
        controls: Vec::new(),
        findings: Vec::new(),
    };
    let mut place = Place {
        number: 0,
        of: planned(plan, options),
    };
    for endpoint in &plan.endpoints {
        let chosen: Vec<_> = SCENARIOS
            .iter()
            .filter(|s| selected(endpoint, s, options))
            .collect();
        if chosen.is_empty() || !endpoint.changes_state {
            continue;
        }
        let eyes = Eyes {
            allowance: &allowance,
            watch,
            events: &events,
        };
        let mut bench = Bench::new(plan, endpoint, cases, options, &secrets, eyes)?;
        course::course(&mut bench, &chosen, &mut report, &mut place);
    }
    if report.findings.is_empty() {
        // Nothing run is nothing proven: a misspelt --only must not pass.
        let known: Vec<_> = plan.endpoints.iter().map(|e| e.id.as_str()).collect();
        return Err(format!(
            "nothing was selected; the plan's endpoints: {}",
            known.join(", ")
        ));
    }
    report.notes.extend(allowance.refusal());
    report.took_ms = micros(now() - start) / 1000;
    Ok(report)
}

/// How many scenarios a run goes through, skipped ones among them.
fn planned(plan: &Plan, options: &Options) -> usize {
    let own = plan.endpoints.iter().filter(|e| e.changes_state);
    let each = own.map(|e| SCENARIOS.iter().filter(|s| selected(e, s, options)).count());
    each.sum()
}

/// `--only a/b` names an endpoint and a scenario; `a` alone an endpoint or a scenario.
fn selected(endpoint: &Endpoint, scenario: &Scenario, options: &Options) -> bool {
    let names = |text: &String| match text.split_once('/') {
        Some((e, s)) => e == endpoint.id && s == scenario.id,
        None => *text == endpoint.id || *text == scenario.id,
    };
    (options.only.is_empty() || options.only.iter().any(names)) && !options.skip.iter().any(names)
}

/// What would be sent, without sending it.
pub(crate) fn dry(plan: &Plan, cases: &BTreeMap<String, Case>, options: &Options) -> Vec<String> {
    let mut lines = Vec::new();
    for endpoint in &plan.endpoints {
        let Some(case) = cases.get(&endpoint.request.case) else {
            continue;
        };
        let path = endpoint.request.path.as_ref();
        let path = path.unwrap_or(&case.request.url);
        lines.push(format!("{}: {} {path}", endpoint.id, case.request.method));
        for scenario in SCENARIOS.iter().filter(|s| selected(endpoint, s, options)) {
            let requests = if scenario.id == "concurrent" {
                format!(
                    "up to {} bursts of 2 to 20 copies, each burst an effect",
                    plan.budget.bursts
                )
            } else {
                scenario.sends.to_owned()
            };
            lines.push(format!("  {}: {requests}", scenario.id));
        }
    }
    lines
}
