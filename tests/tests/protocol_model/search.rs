//! Breadth first: the first history that breaks a promise is a shortest one.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::fmt;

use crate::moves::{Label, moves};
use crate::state::{State, Terms};
use crate::verdict::Violation;

pub(crate) enum Found {
    Nothing { states: usize, steps: usize },
    Violation(History),
}

/// What led to a broken promise.
pub(crate) struct History {
    labels: Vec<Label>,
    pub(crate) violation: Violation,
}

pub(crate) fn explore(terms: &Terms) -> Found {
    let first = State::first(terms);
    let mut seen = HashMap::from([(first.fingerprint(), None)]);
    let mut queue = VecDeque::from([(first.fingerprint(), first)]);
    let mut steps = 0;
    while let Some((here, state)) = queue.pop_front() {
        for (label, reached) in moves(&state, terms) {
            steps += 1;
            let reached = match reached {
                Ok(reached) => reached,
                Err(violation) => {
                    let labels = trace(&seen, here, label);
                    return Found::Violation(History { labels, violation });
                }
            };
            let there = reached.fingerprint();
            if let Entry::Vacant(new) = seen.entry(there) {
                new.insert(Some((here, label)));
                queue.push_back((there, reached));
            }
        }
    }
    let states = seen.len();
    Found::Nothing { states, steps }
}

type Seen = HashMap<u128, Option<(u128, Label)>>;

fn trace(seen: &Seen, mut at: u128, last: Label) -> Vec<Label> {
    let mut labels = vec![last];
    while let Some((before, label)) = seen[&at] {
        labels.push(label);
        at = before;
    }
    labels.reverse();
    labels
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation { invariant, what } = &self.violation;
        writeln!(f, "invariant {invariant} is broken: {what}")?;
        for (by, what) in &self.labels {
            match by {
                Some(process) => writeln!(f, "  attempt {process} {what}")?,
                None => writeln!(f, "  {what}")?,
            }
        }
        Ok(())
    }
}
