//! The protocol with three attempts of one record, in every order: claims,
//! renewals, pauses, crashes, completions, releases, takeovers, lost
//! acknowledgements and requests that arrive late. The store is the crate's
//! own [`Record`](idempotent_runtime::record::Record); beside it the model
//! keeps books of what must hold, and checks the invariants 1 to 6, 9 and 10
//! by number at each step.
//!
//! A pause is no step of its own: an attempt that makes none while time
//! passes and others go on is paused.

mod books;
mod kept;
mod moves;
mod mutant;
mod search;
mod state;
mod store;
mod verdict;

use std::thread;

use crate::mutant::Mutant;
use crate::search::{Found, explore};
use crate::state::Terms;

/// How many lost or late messages one history has at most.
fn faults() -> u8 {
    std::env::var("IDEMPOTENT_SOAK_MODEL")
        .map_or(1, |faults| faults.parse().expect("a number of faults"))
}

#[test]
fn no_order_of_three_attempts_breaks_an_invariant() {
    // A ttl above the lease, as it should be, and one below it.
    let explored = [(1, 2), (2, 1)].map(|(lease, ttl)| {
        let terms = Terms {
            lease,
            ttl,
            ticks: 3,
            faults: faults(),
            mutant: None,
        };
        (terms, thread::spawn(move || explore(&terms)))
    });
    for (Terms { lease, ttl, .. }, explored) in explored {
        match explored.join().expect("an exploration") {
            Found::Nothing { states, steps } => {
                println!("lease {lease}, ttl {ttl}: {states} states, {steps} steps, no violation");
                assert!(
                    states > 50_000,
                    "only {states} states: something is not tried"
                );
            }
            Found::Violation(history) => panic!("{history}"),
        }
    }
}

/// The checker finds what it looks for: each of these breaks one promise.
#[test]
fn every_broken_variant_is_found() {
    for mutant in Mutant::ALL {
        let found = [(1, 2), (2, 1)].map(|(lease, ttl)| {
            let terms = Terms {
                lease,
                ttl,
                ticks: 3,
                faults: 1,
                mutant: Some(mutant),
            };
            explore(&terms)
        });
        let invariants: Vec<_> = found
            .iter()
            .filter_map(|found| match found {
                Found::Violation(history) => {
                    println!("{mutant:?}: {history}");
                    Some(history.violation.invariant)
                }
                Found::Nothing { .. } => None,
            })
            .collect();
        assert!(
            invariants.contains(&mutant.breaks()),
            "{mutant:?} breaks invariant {}, and the checker found {invariants:?}",
            mutant.breaks()
        );
    }
}
