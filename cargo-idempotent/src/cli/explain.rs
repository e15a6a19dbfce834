//! `explain`: what a scenario does and why.

use super::End;
use crate::{Problem, scenario::SCENARIOS};

pub(super) fn run(name: Option<&str>) -> Result<End, Problem> {
    let chosen: Vec<_> = SCENARIOS
        .iter()
        .filter(|s| name.is_none_or(|n| n == s.id))
        .collect();
    if chosen.is_empty() {
        let known: Vec<_> = SCENARIOS.iter().map(|s| s.id).collect();
        let message = format!("no such scenario; there are {}", known.join(", "));
        return Err(Problem::at(0, name.unwrap_or_default(), message));
    }
    for scenario in chosen {
        println!("{}: {}", scenario.id, scenario.title);
        println!("  {}", scenario.why);
        println!("  Sends {}.", scenario.sends);
    }
    Ok(End::Good)
}
