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
    /// Streams of one HTTP/2 connection; what is held back leaves in one write.
    Packet { copies: usize, hold: Hold },
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
    /// From the head's last newline on, the body with it; of HTTP/2, the whole request.
    Head,
    /// The body's last byte; of HTTP/2, the last DATA frame.
    Body,
}

/// Ten bursts each; the seed says where to begin.
const ROTATION: [Arm; 10] = [
    held(2, 2, Hold::Head),
    packet(8, Hold::Body),
    Arm::Hammer,
    held(8, 1, Hold::Head),
    Arm::Naive { copies: 8 },
    packet(8, Hold::Head),
    held(8, 2, Hold::Body),
    Arm::Comb { copies: 8 },
    held(20, 1, Hold::Body),
    packet(20, Hold::Head),
];

const fn held(copies: usize, threads: usize, hold: Hold) -> Arm {
    Arm::Held {
        copies,
        threads,
        hold,
    }
}

const fn packet(copies: usize, hold: Hold) -> Arm {
    Arm::Packet { copies, hold }
}

/// The arms in their order: those of HTTP/2 for a target that speaks it.
pub(crate) fn rotation(h2: bool) -> Vec<Arm> {
    let arms = ROTATION.into_iter();
    arms.filter(|arm| h2 || !matches!(arm, Arm::Packet { .. }))
        .collect()
}

impl Arm {
    /// How many connections it needs.
    pub(super) fn lanes(self) -> usize {
        match self {
            Self::Held { copies, .. } | Self::Naive { copies } | Self::Comb { copies } => copies,
            Self::Hammer => 2,
            Self::Packet { .. } => 0,
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
            Self::Packet { copies, hold } => {
                let what = match hold {
                    Hold::Head => "requests",
                    Hold::Body => "last frames",
                };
                write!(f, "HTTP/2, {copies} {what} in one write")
            }
            Self::Naive { copies } => write!(f, "{copies} threads at once"),
            Self::Comb { copies } => write!(f, "{copies} copies at offsets"),
            Self::Hammer => f.write_str("one repeated until the first is answered"),
        }
    }
}
