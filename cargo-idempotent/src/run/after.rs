//! The controls once more, after the last scenario: what leaned on one that fails now
//! is not proven.

use super::{
    Bench, Proved,
    controls::{counted, succeeded},
};
use crate::{
    plan::Profile,
    verdict::{Finding, Level, State},
};

/// What no longer holds.
pub(super) enum Broken {
    /// A fresh key no longer runs (C1): no proof stands.
    Service(String),
    /// What counts no longer counts (C1, C2, C3): nothing that rests on it stands.
    Count(String),
}

impl Broken {
    pub(super) fn weaken(&self, finding: &mut Finding) {
        let counted = matches!(
            finding.level,
            Some(Level::Ledger | Level::Sink | Level::Probe)
        );
        let (why, falls) = match self {
            Self::Service(why) => (why, finding.state == State::Proven),
            Self::Count(why) => {
                let told = matches!(finding.state, State::Proven | State::Violation);
                (why, counted && told)
            }
        };
        if falls {
            finding.state = State::NotProven;
            let text = format!(" But after the last scenario {why}.");
            finding.sentence.push_str(&text);
        }
    }
}

pub(super) fn after(bench: &mut Bench<'_>, proved: &Proved) -> Option<Broken> {
    if proved.nothing.is_some() || !bench.allowance.left() {
        return None;
    }
    let broken = check(bench, proved).unwrap_or_else(|e| Some(("C1", Broken::Service(e))));
    let (id, broken) = broken?;
    let (Broken::Service(why) | Broken::Count(why)) = &broken;
    bench.control(id, false, format!("after the last scenario {why}"));
    Some(broken)
}

fn check(bench: &mut Bench<'_>, proved: &Proved) -> Result<Option<(&'static str, Broken)>, String> {
    let counts = proved.effect.is_some() && bench.profile != Profile::Natural;
    if counts && bench.stands_still()?.is_none() {
        let why = "what counts moved while nothing was sent (C3)";
        return Ok(Some(("C3", Broken::Count(why.into()))));
    }
    // The second fresh key has the first one's payload, as before.
    let twice = counts && proved.second_key.is_none();
    for id in ["C1", "C2"].into_iter().take(1 + usize::from(twice)) {
        let intent = bench.intent()?;
        let (answer, rose) = if counts {
            counted(bench, proved, &intent.request)?
        } else {
            (bench.send(&intent.request)?.response, None)
        };
        if !succeeded(&answer) {
            let why = format!("a fresh key got {} ({id})", answer.status);
            return Ok(Some((id, Broken::Service(why))));
        }
        // Where the second key was swallowed before, so is every one since.
        let right = |rose: &i64| *rose == 1 || proved.swallowed && *rose == 0;
        if let Some(rose) = rose.filter(|r| !right(r)) {
            let why = format!("one run moved what counts by {rose}, not by 1 ({id})");
            return Ok(Some((id, Broken::Count(why))));
        }
    }
    Ok(None)
}
