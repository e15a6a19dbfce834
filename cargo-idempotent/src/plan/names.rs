//! Names in a plan that have to be one of a few: a misspelt one would change nothing.

use super::Plan;
use crate::{Problem, scenario::SCENARIOS};

/// What `expect:` may name: the scenarios, and what a duplicate of a running request gets.
pub(super) fn expectable() -> Vec<&'static str> {
    let mut names = vec!["in_flight"];
    names.extend(SCENARIOS.iter().map(|s| s.id));
    names
}

pub(super) fn check(plan: &Plan) -> Result<(), Problem> {
    for endpoint in &plan.endpoints {
        let wrong = |field: &str, name: &str, known: Vec<&str>| {
            let field = format!("endpoints.{}.{field}", endpoint.id);
            let message = format!("`{name}` is no scenario; there are {}", known.join(", "));
            Err(Problem::at(0, field, message))
        };
        for name in endpoint.expect.keys() {
            if !expectable().contains(&name.as_str()) {
                return wrong("expect", name, expectable());
            }
        }
        for name in endpoint.skip.keys() {
            if !SCENARIOS.iter().any(|s| s.id == name) {
                return wrong("skip", name, SCENARIOS.iter().map(|s| s.id).collect());
            }
        }
        if let Some(place) = &endpoint.key
            && place.header.is_some() == place.body.is_some()
        {
            let field = format!("endpoints.{}.key", endpoint.id);
            let message = "give `header:` or `body:`, one of them";
            return Err(Problem::at(0, field, message));
        }
    }
    Ok(())
}
