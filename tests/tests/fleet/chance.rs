//! What is left to chance, from one seed.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

/// Sets the seed.
const SEED: &str = "IDEMPOTENT_TEST_SEED";

/// `SplitMix64`: small, and good enough to choose moments.
#[derive(Debug, Clone)]
pub(crate) struct Chance {
    seed: u64,
    state: u64,
}

impl Chance {
    /// A new one for a scenario, whose seed is printed: a failed test shows it.
    pub(crate) fn of(scenario: &str) -> Self {
        let seed = std::env::var(SEED).map_or_else(
            |_| RandomState::new().build_hasher().finish(),
            |seed| seed.parse().expect("a seed is a number"),
        );
        println!("{scenario}: {SEED}={seed}");
        Self { seed, state: seed }
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// One for a task of its own: what it draws does not depend on who else
    /// draws when.
    pub(crate) fn fork(&mut self) -> Self {
        let seed = self.next();
        Self { seed, state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub(crate) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of two.
    pub(crate) fn side(&mut self) -> usize {
        usize::from(self.one_in(2))
    }

    /// A time below `bound`.
    pub(crate) fn within(&mut self, bound: Duration) -> Duration {
        let micros = u64::try_from(bound.as_micros()).expect("a short time");
        Duration::from_micros(self.below(micros.max(1)))
    }
}
