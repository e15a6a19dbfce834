//! Races that must be found within the default budget.

use crate::{seeds, table};

#[test]
fn each_is_found_in_19_of_20_seeds_and_the_atomic_twin_is_not_accused() {
    let last = "0 of the races missed, 0 false accusations of the atomic twin\n";
    table(&["--races"], seeds("IDEMPOTENT_SOAK_RACES"), last);
}
