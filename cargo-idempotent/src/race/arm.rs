//! The ways of sending copies, and the order in which they take turns.

use std::fmt;

/// One way of sending copies of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arm {
    /// All but an end is sent; the ends leave together.
    Held {
        copies: usize,
        threads: usize,
        hold: Hold,
    },
    /// A thread a copy, released by a barrier.
    Naive { copies: usize },
    /// One, and the others at offsets while it runs and as it ends.
    Comb { copies: usize },
    /// One, and another connection that repeats it until it is answered.
    Hammer,
}

/// What is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// From the head's last newline on, the body with it.
    Head,
    /// The body's last byte.
    Body,
}

/// Ten bursts each; the seed says where to begin.
pub(crate) const ROTATION: [Arm; 7] = [
    Arm::Held {
        copies: 2,
        threads: 2,
        hold: Hold::Head,
    },
    Arm::Hammer,
    Arm::Held {
        copies: 8,
        threads: 1,
        hold: Hold::Head,
    },
    Arm::Naive { copies: 8 },
    Arm::Held {
        copies: 8,
        threads: 2,
        hold: Hold::Body,
    },
    Arm::Comb { copies: 8 },
    Arm::Held {
        copies: 20,
        threads: 1,
        hold: Hold::Body,
    },
];

impl Arm {
    /// How many connections it needs.
    pub(super) fn lanes(self) -> usize {
        match self {
            Self::Held { copies, .. } | Self::Naive { copies } | Self::Comb { copies } => copies,
            Self::Hammer => 2,
        }
    }
}

impl fmt::Display for Arm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held {
                copies,
                threads,
                hold,
            } => {
                let hold = match hold {
                    Hold::Head => "head",
                    Hold::Body => "last byte",
                };
                let s = if *threads == 1 { "" } else { "s" };
                write!(f, "{copies} copies, {hold} held back, {threads} thread{s}")
            }
            Self::Naive { copies } => write!(f, "{copies} threads at once"),
            Self::Comb { copies } => write!(f, "{copies} copies at offsets"),
            Self::Hammer => f.write_str("one repeated until the first is answered"),
        }
    }
}
