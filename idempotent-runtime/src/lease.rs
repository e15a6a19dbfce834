//! What bounds and proves an attempt: lease, token, fencing token, and the
//! separate lifetime of its answer (invariants 2, 4 and 6).

use std::cell::RefCell;
use std::fmt;
use std::time::Duration;

/// For how long a claim holds without a sign of life: 10 ms to 1 day.
///
/// ```
/// use idempotent_runtime::Lease;
/// use std::time::Duration;
///
/// assert_eq!(Lease::new(Duration::from_secs(30))?, Lease::DEFAULT);
/// assert!(Lease::new(Duration::ZERO).is_err());
/// # Ok::<(), idempotent_runtime::DurationOutOfRange>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lease(Duration);

/// For how long an answer is replayed: 1 ms to 3,650 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ttl(Duration);

/// A lease or ttl is zero or absurd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} of {given:?} is out of range; choose one from {least:?} to {most:?}")]
pub struct DurationOutOfRange {
    what: &'static str,
    given: Duration,
    least: Duration,
    most: Duration,
}

const DAY: Duration = Duration::from_hours(24);

macro_rules! bounded {
    ($name:ident, $what:literal, $least:expr, $most:expr, $default:expr) => {
        impl $name {
            /// What holds where nothing is said.
            pub const DEFAULT: Self = Self($default);

            /// Checks the bounds.
            pub const fn new(duration: Duration) -> Result<Self, DurationOutOfRange> {
                let (least, most): (Duration, Duration) = ($least, $most);
                if duration.as_nanos() < least.as_nanos() || duration.as_nanos() > most.as_nanos() {
                    return Err(DurationOutOfRange {
                        what: $what,
                        given: duration,
                        least,
                        most,
                    });
                }
                Ok(Self(duration))
            }

            /// The duration.
            pub const fn duration(self) -> Duration {
                self.0
            }

            /// The duration in whole milliseconds, as stores take it.
            #[allow(clippy::cast_possible_truncation)] // bounded by `new`
            pub const fn as_millis(self) -> u64 {
                self.0.as_millis() as u64
            }
        }
    };
}
bounded!(
    Lease,
    "a lease",
    Duration::from_millis(10),
    DAY,
    Duration::from_secs(30)
);
bounded!(
    Ttl,
    "a ttl",
    Duration::from_millis(1),
    Duration::from_hours(3650 * 24),
    DAY
);

/// 16 random bytes that an attempt mints before it claims. They prove whose
/// lease it is, and make a claim whose acknowledgement was lost safe to send
/// again.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token([u8; Self::BYTES]);

impl Token {
    /// The length of a token, in bytes.
    pub const BYTES: usize = 16;

    /// A fresh token from the operating system's randomness; `None` where the
    /// system has none to give.
    pub fn mint() -> Option<Self> {
        /// One call to the system serves this many tokens.
        const BATCH: usize = 32;
        thread_local! {
            static TOKENS: RefCell<(usize, [[u8; 16]; BATCH])> =
                const { RefCell::new((BATCH, [[0; 16]; BATCH])) };
        }
        TOKENS.with_borrow_mut(|(next, tokens)| {
            if *next == BATCH {
                getrandom::fill(tokens.as_flattened_mut()).ok()?;
                *next = 0;
            }
            *next += 1;
            Some(Self(tokens[*next - 1]))
        })
    }

    /// The bytes, as stores keep them.
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    /// The token of bytes that a store kept.
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The fencing token: a number of the record, higher at each claim that
/// starts an attempt. A downstream that remembers the highest one it saw can
/// refuse a paused attempt's late write.
///
/// It starts at the store's clock in microseconds, so that it rises even when
/// a record expired and was deleted in between; it fits 53 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fence(u64);

impl Fence {
    /// The fence with this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_tokens_are_equal_across_threads() {
        let mint = || {
            (0..1000)
                .map(|_| Token::mint().unwrap())
                .collect::<Vec<_>>()
        };
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(mint)).collect();
        let tokens: HashSet<_> = threads
            .into_iter()
            .flat_map(|t| t.join().unwrap())
            .collect();
        assert_eq!(tokens.len(), 4000);
    }

    #[test]
    fn bounds_are_inclusive() {
        assert!(Lease::new(Duration::from_millis(10)).is_ok());
        assert!(Lease::new(Duration::from_millis(9)).is_err());
        assert!(Lease::new(DAY).is_ok());
        assert!(Ttl::new(Duration::from_hours(3650 * 24 + 1)).is_err());
    }
}
