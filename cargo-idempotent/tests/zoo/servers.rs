//! Servers with one flaw each, and such as are right, one in another language.

mod python;

use crate::{seeds, table};

#[test]
fn every_flaw_is_found_and_the_right_services_are_not_accused() {
    let last = "0 missed, 0 false accusations of the right services\n";
    match seeds("IDEMPOTENT_SOAK_ZOO") {
        Some(seeds) => table(&[], Some(seeds), last),
        None => table(&["--planted", "--bursts", "100"], None, last),
    }
}
