//! What goes wrong with which call: drawn by a seed, or written down.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use crate::record::RecordId;

/// What goes wrong with one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing was done, and its caller learns that the store did not answer.
    Refused,
    /// It was done, and its caller learns that the store did not answer.
    AckLost,
    /// Its caller learns that the store did not answer; it is done a while
    /// later, when later calls may have been done already.
    Late,
    /// It is done, and takes a while.
    Slow,
}

/// A verb of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verb {
    /// [`Store::claim`](crate::Store::claim).
    Claim,
    /// [`Store::extend`](crate::Store::extend).
    Extend,
    /// [`Store::complete`](crate::Store::complete).
    Complete,
    /// [`Store::release`](crate::Store::release).
    Release,
    /// [`Store::inspect`](crate::Store::inspect).
    Inspect,
    /// [`Store::wait`](crate::Store::wait).
    Wait,
    /// [`Store::sweep`](crate::Store::sweep).
    Sweep,
    /// [`Store::expire`](crate::Store::expire) and
    /// [`Store::forget`](crate::Store::forget).
    Operate,
    /// [`Store::step`](crate::Store::step).
    Step,
    /// [`Store::list`](crate::Store::list).
    List,
    /// [`Store::stats`](crate::Store::stats).
    Stats,
    /// [`Store::answer`](crate::Store::answer).
    Answer,
}

/// How often each fault happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FaultCounts([u64; 4]);

impl FaultCounts {
    /// How often `fault` happened.
    pub fn of(&self, fault: Fault) -> u64 {
        self.0[fault as usize]
    }

    /// How many calls met a fault.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }
}

impl Verb {
    pub(super) const ALL: [Self; 12] = [
        Self::Claim,
        Self::Extend,
        Self::Complete,
        Self::Release,
        Self::Inspect,
        Self::Wait,
        Self::Sweep,
        Self::Operate,
        Self::Step,
        Self::List,
        Self::Stats,
        Self::Answer,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Extend => "extend",
            Self::Complete => "complete",
            Self::Release => "release",
            Self::Inspect => "inspect",
            Self::Wait => "wait",
            Self::Sweep => "sweep",
            Self::Operate => "expire or forget",
            Self::Step => "step",
            Self::List => "list",
            Self::Stats => "stats",
            Self::Answer => "answer",
        }
    }
}

const FAULTS: [Fault; 4] = [Fault::Refused, Fault::AckLost, Fault::Late, Fault::Slow];

/// A call's fault, and for how long it pauses.
pub(super) type Fate = Option<(Fault, Duration)>;

pub(super) struct Fates {
    seed: u64,
    rates: [[f64; 4]; Verb::ALL.len()],
    scripts: HashMap<Verb, VecDeque<Fault>>,
    calls: HashMap<(Verb, RecordId), u64>,
    pub(super) cut_off: bool,
    pub(super) longest_pause: Duration,
    pub(super) counts: FaultCounts,
}

impl Fates {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            rates: [[0.0; 4]; Verb::ALL.len()],
            scripts: HashMap::new(),
            calls: HashMap::new(),
            cut_off: false,
            longest_pause: Duration::from_millis(100),
            counts: FaultCounts::default(),
        }
    }

    pub(super) fn set_rate(&mut self, verb: Verb, fault: Fault, rate: f64) {
        self.rates[verb as usize][fault as usize] = rate;
    }

    pub(super) fn script(&mut self, verb: Verb, fault: Fault) {
        self.scripts.entry(verb).or_default().push_back(fault);
    }

    pub(super) fn heal(&mut self) {
        self.cut_off = false;
        self.rates = [[0.0; 4]; Verb::ALL.len()];
        self.scripts.clear();
    }

    pub(super) fn draw(&mut self, verb: Verb, id: &RecordId) -> Fate {
        if self.cut_off {
            return Some(self.met(Fault::Refused, Duration::ZERO));
        }
        let call = self.calls.entry((verb, *id)).or_default();
        *call += 1;
        let mut state = self.seed ^ *call << 8 ^ verb as u64;
        for word in id.as_bytes().chunks(8) {
            let word = word
                .iter()
                .fold(0, |word, byte| word << 8 | u64::from(*byte));
            state = split_mix(state ^ word);
        }
        let pause = self.longest_pause.mul_f64(unit(split_mix(!state)));
        if let Some(fault) = self.scripts.get_mut(&verb).and_then(VecDeque::pop_front) {
            return Some(self.met(fault, pause));
        }
        let mut drawn = unit(state);
        for fault in FAULTS {
            let rate = self.rates[verb as usize][fault as usize];
            if drawn < rate {
                return Some(self.met(fault, pause));
            }
            drawn -= rate;
        }
        None
    }

    fn met(&mut self, fault: Fault, pause: Duration) -> (Fault, Duration) {
        self.counts.0[fault as usize] += 1;
        (fault, pause)
    }
}

/// `SplitMix64`: its output is as good as random for tests.
fn split_mix(state: u64) -> u64 {
    let mut mixed = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// A number from 0 to 1, not 1 itself.
#[allow(clippy::cast_precision_loss)] // 53 bits are what a double holds
fn unit(random: u64) -> f64 {
    (random >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(seed: u64) -> Vec<Fate> {
        let mut fates = Fates::new(seed);
        for fault in FAULTS {
            fates.set_rate(Verb::Claim, fault, 0.125);
        }
        let ids = (0..=255).map(|byte| RecordId::from_bytes([byte; 32]));
        ids.flat_map(|id| [fates.draw(Verb::Claim, &id), fates.draw(Verb::Claim, &id)])
            .collect()
    }

    #[test]
    fn a_seed_is_one_fate() {
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
    }

    #[test]
    fn rates_are_what_happens() {
        let fates = drawn(3);
        for fault in FAULTS {
            let met = fates.iter().flatten().filter(|met| met.0 == fault).count();
            assert!(
                (40..=90).contains(&met),
                "{fault:?} met {met} of 512 calls, not 64"
            );
        }
    }
}
