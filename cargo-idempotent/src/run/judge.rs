//! One scenario on the bench, and what the profile makes of what it found.

use super::{Bench, Proved};
use crate::{
    profile::{Profile, clause},
    scenario::{Judged, Scenario},
    verdict::{Ended, Finding, Level, State},
};

impl Bench<'_> {
    /// A scenario that the run did not get to.
    pub(super) fn not_run(&self, scenario: &Scenario, ended: &Ended) -> Finding {
        let judged = match self.left_out(scenario) {
            Some(why) => Judged::skipped(why),
            None => Judged::not_run(ended.reason()),
        };
        self.finding(scenario, judged)
    }

    fn failed_with(&self, error: &str) -> Judged {
        if let Some(how) = self.stop.asked() {
            Judged::not_proven(format!("Not run to its end: {}.", how.word()))
        } else if error == self.allowance.text() {
            Judged::not_proven(format!("Not run to its end: {error}."))
        } else {
            Judged::not_proven(format!("the target failed: {error}"))
        }
    }

    /// Why a scenario is not run, if so: by the plan's word, or as it does not apply.
    pub(super) fn left_out(&self, scenario: &Scenario) -> Option<String> {
        let own = self.endpoint.skip.get(scenario.id).cloned();
        own.or_else(|| (scenario.applies)(self))
    }

    /// One scenario, or the reason why it is not run.
    pub(super) fn judge(&mut self, scenario: &Scenario, proved: &Proved) -> Finding {
        let judged = if let Some(why) = self.left_out(scenario) {
            Judged::skipped(why)
        } else if let Some(why) = &proved.nothing {
            Judged::not_proven(format!("the endpoint was not exercised: {why}"))
        } else {
            (scenario.run)(self, proved).unwrap_or_else(|e| self.failed_with(&e))
        };
        let judged = self.repeated(scenario, proved, judged);
        let judged = self.undisturbed(proved, judged);
        let mut finding = self.finding(scenario, judged);
        if self.effects_only {
            demand_effects(&mut finding);
        }
        finding
    }

    fn finding(&self, scenario: &Scenario, judged: Judged) -> Finding {
        let lenient = self.profile == Profile::Ietf && !self.plan.strict;
        let should = lenient && judged.state == State::Violation;
        let state = if should && !judged.fact {
            State::Should
        } else {
            judged.state
        };
        Finding {
            endpoint: self.endpoint.id.clone(),
            route: self.route.clone(),
            scenario: scenario.id.to_owned(),
            title: scenario.title.to_owned(),
            state,
            level: judged.level,
            sentence: judged.sentence,
            clause: clause(self.profile, scenario.id).to_owned(),
            likely: judged.likely.to_owned(),
            mend: judged.mend.to_owned(),
            evidence: judged.evidence,
        }
    }
}

/// What rests on less than effects does not count as proven.
fn demand_effects(finding: &mut Finding) {
    let by_answers = matches!(finding.level, Some(Level::Witness | Level::Answer) | None);
    // Fidelity is about answers, and nothing else could show it.
    if finding.state == State::Proven && by_answers && finding.scenario != "fidelity" {
        finding.state = State::NotProven;
        let text = " But --min-oracle asks for effects: give --ledger, --sink or --probe.";
        finding.sentence.push_str(text);
    }
}
