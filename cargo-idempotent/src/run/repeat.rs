//! A violation is repeated before it is told: what effects show is a fact and gets its
//! rate, what statuses and headers show has to come three times out of three.

use std::time::Duration;

use super::{Bench, Proved};
use crate::{
    net::now,
    scenario::{Judged, Scenario},
    verdict::State,
};

/// For the rate of a fact no more time than that is spent.
const RATE: Duration = Duration::from_secs(20);

impl Bench<'_> {
    pub(super) fn repeated(
        &mut self,
        scenario: &Scenario,
        proved: &Proved,
        judged: Judged,
    ) -> Judged {
        // The search for races repeats the arm that hit, which says more.
        if judged.state != State::Violation || scenario.id == "concurrent" {
            return judged;
        }
        // What its repetitions find of the controls is known already.
        let controls = self.controls.len();
        let judged = if judged.fact {
            self.rated(scenario, proved, judged)
        } else {
            self.thrice(scenario, proved, judged)
        };
        self.controls.truncate(controls);
        judged
    }

    fn rated(&mut self, scenario: &Scenario, proved: &Proved, judged: Judged) -> Judged {
        let (start, mut tried, mut again) = (now(), 0, 0);
        while tried < 5 && now() - start < RATE {
            let Ok(next) = (scenario.run)(self, proved) else {
                break;
            };
            tried += 1;
            again += usize::from(next.state == State::Violation && next.fact);
        }
        let seed = self.seed;
        judged.fact(format!(
            "Seen at first sight, seed {seed}; again in {again} of {tried} repetitions."
        ))
    }

    fn thrice(&mut self, scenario: &Scenario, proved: &Proved, judged: Judged) -> Judged {
        let mut seen = 1;
        for _ in 0..2 {
            match (scenario.run)(self, proved) {
                // The stronger finding speaks for itself.
                Ok(next) if next.state == State::Violation && next.fact => return next,
                Ok(next) => seen += usize::from(next.state == State::Violation),
                Err(why) => {
                    let text = format!("Not repeated, as {why}: {}", judged.sentence);
                    return judged.doubted(text);
                }
            }
        }
        if seen == 3 {
            return judged.fact("3 of 3 times, with fresh keys");
        }
        let text = format!("Unstable, {seen} of 3: {}", judged.sentence);
        judged.doubted(text)
    }
}
