//! One endpoint on the bench: requests out, effects counted, trouble noticed.

use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};

use super::{Allowance, Events, Eyes, Intent, Options, Stop, Watch, principal::CREDENTIALS};
use crate::{
    case::{Case, Headers, Request},
    net::{Answer, Process, Target, encode, now},
    oracle::Meter,
    plan::{Endpoint, Expected, Plan, Profile, Span},
    profile::Contract,
    race::Latency,
    random::Random,
    verdict::Control,
};

pub(crate) struct Bench<'a> {
    pub plan: &'a Plan,
    pub endpoint: &'a Endpoint,
    pub profile: Profile,
    pub contract: Contract,
    pub target: Target,
    pub others: &'a [Target],
    pub seed: u64,
    pub patience: Duration,
    /// What the plan declares for this endpoint.
    pub lease: Option<Span>,
    pub ttl: Option<Span>,
    pub process: Option<&'a Process>,
    pub random: Random,
    pub latency: Latency,
    /// What may count effects, the strongest first.
    pub(super) meters: Vec<Meter>,
    /// What does, once a control has seen it.
    pub meter: Option<Meter>,
    /// Whose effects are counted, where marks are.
    pub(super) watched: Vec<Intent>,
    pub controls: Vec<Control>,
    pub requests: usize,
    pub bursts: usize,
    pub method: String,
    pub(super) route: String,
    keys: Random,
    cases: &'a BTreeMap<String, Case>,
    secrets: &'a BTreeMap<String, String>,
    extra: &'a [(String, String)],
    pub(super) failed: usize,
    /// How many had failed when it was last asked whether the run can go on.
    pub(super) failed_before: usize,
    pub(super) last_failure: String,
    /// What was sent before, by its hash.
    sent: HashSet<u64>,
    pub(super) at_start: Option<i64>,
    /// The last count.
    pub(super) counted: Option<i64>,
    pub allowance: &'a Allowance,
    pub watch: &'a dyn Watch,
    pub events: &'a Events,
    pub stop: &'a Stop,
    /// Whether a proof has to rest on effects.
    pub(super) effects_only: bool,
    /// Intentions since the count began, and effects beyond them.
    pub(super) own: i64,
    pub(super) beyond: i64,
}

impl<'a> Bench<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        endpoint: &'a Endpoint,
        cases: &'a BTreeMap<String, Case>,
        options: &'a Options,
        secrets: &'a BTreeMap<String, String>,
        eyes: Eyes<'a>,
    ) -> Result<Self, String> {
        let profile = endpoint.profile.unwrap_or(plan.profile);
        let case = cases.get(&endpoint.request.case).ok_or_else(|| {
            let file = &endpoint.request.case;
            format!("{}: the case {file} is not there", endpoint.id)
        })?;
        let path = crate::case::Url::parse(&case.request.url)?;
        let path = endpoint.request.path.clone().unwrap_or(path.path);
        let mut bench = Self {
            plan,
            endpoint,
            profile,
            contract: Contract::of(profile),
            target: options.target.clone(),
            others: &options.others,
            seed: options.seed,
            patience: options.patience,
            lease: endpoint.lease.or(plan.lease),
            ttl: endpoint.ttl.or(plan.ttl),
            process: options.process.as_ref(),
            random: Random::new(options.seed),
            latency: Latency::default(),
            meters: Vec::new(),
            meter: None,
            watched: Vec::new(),
            controls: Vec::new(),
            requests: 0,
            bursts: 0,
            method: case.request.method.clone(),
            route: format!("{} {path}", case.request.method),
            // Keys of an earlier run must not be met again: the seed alone would.
            keys: Random::new(entropy()),
            cases,
            secrets,
            extra: &options.headers,
            failed: 0,
            failed_before: 0,
            last_failure: String::new(),
            sent: HashSet::new(),
            at_start: None,
            counted: None,
            allowance: eyes.allowance,
            watch: eyes.watch,
            events: eyes.events,
            stop: &options.stop,
            effects_only: options.effects_only,
            own: 0,
            beyond: 0,
        };
        let base = bench.own()?;
        let mut doors = Headers::default();
        for (name, value) in base.headers.0 {
            let given = bench.extra.iter().any(|(n, _)| *n == name);
            if given || CREDENTIALS.iter().any(|a| name.eq_ignore_ascii_case(a)) {
                doors.0.push((name, value));
            }
        }
        let sink = options.sink.as_ref();
        bench.meters = Meter::all(plan, endpoint, &bench.target, &doors, sink);
        Ok(bench)
    }

    /// The endpoint's own request, as it was recorded and as its own principal sends it.
    pub(crate) fn own(&self) -> Result<Request, String> {
        let endpoint = self.endpoint;
        self.prepared(&endpoint.request.case, endpoint.principal.as_deref())
    }

    /// A recorded request with secrets and the command line's headers in it.
    /// The principal's headers win.
    pub(crate) fn prepared(&self, file: &str, by: Option<&str>) -> Result<Request, String> {
        let case = self.cases.get(file);
        let case = case.ok_or_else(|| format!("the case {file} is not there"))?;
        if case.truncated.request.is_some() {
            let message = "was recorded without the end of its body: it cannot be sent again";
            return Err(format!(
                "the case {file} {message}; record it with a larger --max-body"
            ));
        }
        let mut request = case.request.clone();
        if matches!(request.method.as_str(), "GET" | "HEAD") {
            // Tools leave the last request's body in the next GET.
            request.body = crate::case::Body::default();
        }
        self.unmask(&mut request);
        for (name, value) in self.extra {
            request.headers.set(name, value);
        }
        if let Some(principal) = by {
            self.sent_by(principal, &mut request);
        }
        Ok(request)
    }

    /// Puts the secrets' values in their places.
    pub(crate) fn unmask(&self, request: &mut Request) {
        crate::case::fill(request, self.secrets);
    }

    /// The secrets that the run was given, by name.
    pub(crate) fn secrets(&self) -> &BTreeMap<String, String> {
        self.secrets
    }

    pub(crate) fn fresh_key(&mut self) -> String {
        self.keys.uuid()
    }

    pub(crate) fn bytes(&self, request: &Request) -> Vec<u8> {
        encode(request, &self.target.authority)
    }

    /// One request on a connection of its own. A failed one counts as the target's
    /// trouble.
    pub(crate) fn send(&mut self, request: &Request) -> Result<Answer, String> {
        self.stop.check()?;
        let bytes = self.bytes(request);
        let start = now();
        self.requests += 1;
        let answer = self.once_more(&self.target.clone(), request, &bytes)?;
        // A replay takes no work: the latency is of first runs.
        let first = self.sent.insert(hash(&bytes));
        let own = request.method == self.method;
        if first && own && (200..300).contains(&answer.response.status) {
            self.latency.add(answer.last - start);
        }
        Ok(answer)
    }

    /// The same request to another instance, on a connection of its own.
    pub(crate) fn send_to(&mut self, target: &Target, request: &Request) -> Result<Answer, String> {
        self.stop.check()?;
        self.requests += 1;
        let bytes = encode(request, &target.authority);
        self.once_more(target, request, &bytes)
    }

    /// Copies whose connections failed: the target's trouble as well.
    pub(crate) fn lost(&mut self, copies: usize) {
        if copies > 0 {
            self.failed += copies;
            self.last_failure = "copies of a burst got no answer".into();
        }
    }

    /// What the plan expects in a scenario, in the place of the profile.
    pub(crate) fn expected(&self, scenario: &str) -> Option<&'a Expected> {
        self.endpoint.expect.get(scenario)
    }

    /// Every instance of the service, the first one first.
    pub(crate) fn instances(&self) -> Vec<&Target> {
        std::iter::once(&self.target).chain(self.others).collect()
    }

    pub(crate) fn failure(&mut self, text: String) -> String {
        self.failed += 1;
        self.last_failure.clone_from(&text);
        text
    }

    /// Whether the plan says that this status is right in a scenario.
    pub(crate) fn expects(&self, scenario: &str, status: u16) -> bool {
        let expected = self.expected(scenario);
        expected.is_some_and(|e| e.status.contains(&status))
    }

    pub(crate) fn control(&mut self, id: &str, passed: bool, text: impl Into<String>) -> bool {
        self.controls.push(Control {
            endpoint: self.endpoint.id.clone(),
            id: id.to_owned(),
            passed,
            text: text.into(),
        });
        passed
    }
}

fn hash(bytes: &[u8]) -> u64 {
    use std::hash::{DefaultHasher, Hasher as _};
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

/// A number that no other run has.
fn entropy() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    std::hash::RandomState::new().build_hasher().finish()
}
