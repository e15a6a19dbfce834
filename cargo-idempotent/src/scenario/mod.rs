//! The scenarios: the ways in which networks repeat requests.

mod abort;
mod burst;
mod concurrent;
mod confirm;
mod crash;
mod duplicate;
mod error_retry;
mod fidelity;
mod instances;
mod judged;
mod key_shape;
mod lease;
mod mixed;
mod other_path;
mod pace;
mod principal;
mod retry;
mod reuse;
mod script;
mod slow;
mod table;
mod tally;
mod ttl;
mod twice;

pub(crate) use judged::Judged;
pub(crate) use table::SCENARIOS;

use crate::{
    plan::Profile,
    run::{Bench, Proved},
};

/// One scenario.
pub(crate) struct Scenario {
    pub id: &'static str,
    pub title: &'static str,
    /// What it sends, for the dry run.
    pub sends: &'static str,
    /// What `explain` says.
    pub why: &'static str,
    /// Why it does not concern an endpoint, if it does not.
    pub applies: fn(&Bench<'_>) -> Option<String>,
    pub run: fn(&mut Bench<'_>, &Proved) -> Result<Judged, String>,
}

fn keyed(bench: &Bench<'_>) -> Option<String> {
    if bench.profile == Profile::Natural {
        return Some("the natural profile has no key".into());
    }
    bench
        .endpoint
        .key
        .is_none()
        .then(|| "the plan gives no place for a key".into())
}

fn header_keyed(bench: &Bench<'_>) -> Option<String> {
    keyed(bench).or_else(|| {
        let header = bench.endpoint.key.as_ref()?.header.as_ref();
        header.is_none().then(|| "the key is a body field".into())
    })
}

fn natural(bench: &Bench<'_>) -> Option<String> {
    match bench.method.as_str() {
        "PUT" | "DELETE" => None,
        method => Some(format!("{method} does not promise it")),
    }
}
