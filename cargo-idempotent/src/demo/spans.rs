//! How long a claim and an answer last in the service, right or wrong.

use std::time::Duration;

use super::Flaw;

/// What the zoo's plan declares where the service keeps to a lease or a ttl, or breaks it.
pub(super) const LEASE: Duration = Duration::from_secs(1);
pub(super) const TTL: Duration = Duration::from_secs(4);

/// `None` is for ever.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spans {
    pub(super) lease: Option<Duration>,
    pub(super) ttl: Option<Duration>,
}

impl Spans {
    pub(super) fn of(flaws: &[Flaw]) -> Self {
        let lease = |flaw: &Flaw| match flaw {
            Flaw::LeaseEnds => Some(LEASE),
            // Shorter than the work, which is 5 ms.
            Flaw::LeaseShort => Some(Duration::from_millis(2)),
            _ => None,
        };
        let ttl = |flaw: &Flaw| match flaw {
            Flaw::Forgets => Some(TTL),
            Flaw::TtlShort => Some(TTL / 4),
            _ => None,
        };
        Self {
            lease: flaws.iter().find_map(lease),
            ttl: flaws.iter().find_map(ttl),
        }
    }
}
