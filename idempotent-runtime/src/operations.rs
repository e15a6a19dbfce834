//! Every operation of the binary, called or not, by name.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::error::Error;
use crate::policy::{Location, Spec};

/// An operation, as the attribute's expansion submits it.
#[doc(hidden)]
#[derive(Debug)]
pub struct Registered(pub Spec);

inventory::collect!(Registered);

/// Refuses an operation whose name another place in the source has too: the
/// two would share keys, and answer each other's calls.
pub(crate) fn check(spec: &Spec) -> Result<(), Error> {
    static TAKEN: OnceLock<HashMap<&'static str, (Location, Location)>> = OnceLock::new();
    match TAKEN.get_or_init(taken).get(spec.name) {
        None => Ok(()),
        Some((first, second)) => Err(Error::NameTaken {
            name: spec.name,
            first: first.to_string(),
            second: second.to_string(),
        }),
    }
}

/// All of them, by name, and by their place in the source.
pub(crate) fn all() -> Vec<&'static Spec> {
    let mut all: Vec<&Spec> = inventory::iter::<Registered>
        .into_iter()
        .map(|Registered(spec)| spec)
        .collect();
    let place = |spec: &Spec| (spec.location.file, spec.location.line, spec.location.column);
    all.sort_unstable_by_key(|spec| (spec.name, place(spec)));
    all.dedup();
    all
}

fn taken() -> HashMap<&'static str, (Location, Location)> {
    let mut first: HashMap<&str, Location> = HashMap::new();
    let mut taken = HashMap::new();
    for Registered(spec) in inventory::iter::<Registered> {
        let place = *first.entry(spec.name).or_insert(spec.location);
        if place != spec.location {
            taken.insert(spec.name, (place, spec.location));
        }
    }
    taken
}
