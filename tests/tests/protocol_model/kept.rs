//! What is known of the present attempt without asking the store.

use idempotent_runtime::outcome::Previous;

use crate::state::{Reason, Terms, TokenNo};
use crate::store::TICK;

#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Kept {
    pub(crate) owner: Option<TokenNo>,
    /// The fence and the past that its claim was told.
    pub(crate) told: (u64, Found),
    pub(crate) phase: Phase,
    /// Until when it was granted the record.
    pub(crate) lease_until: u64,
    /// Until when the record lives.
    pub(crate) ends: u64,
    pub(crate) highest: u64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) enum Phase {
    #[default]
    None,
    Running,
    Released(Reason),
    /// Done, by the body of this process.
    Done(u8),
}

/// [`Previous`], without the time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) enum Found {
    #[default]
    Nothing,
    Released,
    Interrupted,
    Lapsed,
    Expired,
}

impl Kept {
    /// The books of an attempt that starts now.
    pub(crate) fn start(token: TokenNo, told: (u64, Found), now: u64, terms: &Terms) -> Self {
        Self {
            owner: Some(token),
            told,
            phase: Phase::Running,
            lease_until: now + terms.lease * TICK,
            ends: now + terms.lease.max(terms.ttl) * TICK,
            highest: told.0,
        }
    }

    pub(crate) fn renew(&mut self, now: u64, terms: &Terms) {
        self.lease_until = now + terms.lease * TICK;
        self.ends = self.ends.max(self.lease_until);
    }

    /// Whether the present attempt is this token's.
    pub(crate) fn is_of(&self, token: TokenNo) -> bool {
        self.owner == Some(token)
    }

    pub(crate) fn is_alive(&self, now: u64) -> bool {
        now < self.ends
    }

    pub(crate) fn is_leased(&self, now: u64) -> bool {
        self.phase == Phase::Running && now < self.lease_until
    }

    pub(crate) fn is_done(&self, now: u64) -> bool {
        self.is_alive(now) && matches!(self.phase, Phase::Done(_))
    }

    /// What the next attempt must be told of this one.
    pub(crate) fn found(&self, now: u64) -> Found {
        match self.phase {
            Phase::None => Found::Nothing,
            _ if !self.is_alive(now) => Found::Expired,
            Phase::Released(Reason::Retry) => Found::Released,
            Phase::Released(Reason::Interrupted) => Found::Interrupted,
            Phase::Running | Phase::Done(_) => Found::Lapsed,
        }
    }
}

impl From<Previous> for Found {
    fn from(previous: Previous) -> Self {
        match previous {
            Previous::None => Self::Nothing,
            Previous::Released => Self::Released,
            Previous::Interrupted => Self::Interrupted,
            Previous::TakenOver => Self::Lapsed,
            _ => Self::Expired,
        }
    }
}
