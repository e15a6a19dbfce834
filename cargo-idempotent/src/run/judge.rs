//! One scenario on the bench, and what the profile makes of what it found.

use super::{Bench, Proved};
use crate::{
    profile::{Profile, clause},
    scenario::{Judged, Scenario},
    verdict::{Finding, State},
};

impl Bench<'_> {
    fn failed_with(&self, error: &str) -> Judged {
        if error == self.allowance.text() {
            Judged::not_proven(format!("Not run to its end: {error}."))
        } else {
            Judged::not_proven(format!("the target failed: {error}"))
        }
    }

    /// One scenario, or the reason why it is not run.
    pub(super) fn judge(&mut self, scenario: &Scenario, proved: &Proved) -> Finding {
        let judged = if let Some(why) = self.endpoint.skip.get(scenario.id) {
            Judged::skipped(why.clone())
        } else if let Some(why) = (scenario.applies)(self) {
            Judged::skipped(why)
        } else if let Some(why) = &proved.nothing {
            Judged::not_proven(format!("the endpoint was not exercised: {why}"))
        } else {
            (scenario.run)(self, proved).unwrap_or_else(|e| self.failed_with(&e))
        };
        let should = self.profile == Profile::Ietf && judged.state == State::Violation;
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
