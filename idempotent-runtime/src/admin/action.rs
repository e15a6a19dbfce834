//! What an operator can do, in words and in code.

use super::refusal::Refusal;
use crate::record::{RecordView, State};

/// The stated exceptions to the protocol's invariants 2 and 3, and one that
/// touches this process only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// The running attempt's lease is over now, so that a retry takes over.
    EndLease,
    /// The finished record is deleted, so that its key runs again.
    Forget,
    /// A finding leaves this process's list.
    Dismiss,
}

impl Action {
    /// As an address has it.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::EndLease => "end-lease",
            Self::Forget => "forget",
            Self::Dismiss => "dismiss",
        }
    }

    /// The action on a record of that name.
    pub(super) fn on_record(code: &str) -> Option<Self> {
        [Self::EndLease, Self::Forget]
            .into_iter()
            .find(|it| it.code() == code)
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::EndLease => "End the lease",
            Self::Forget => "Forget the record",
            Self::Dismiss => "Dismiss",
        }
    }

    /// What one must know before.
    pub(super) fn warning(self) -> &'static str {
        match self {
            Self::EndLease => "The body may run twice.",
            Self::Forget => "The next request with this key runs the body again.",
            Self::Dismiss => "",
        }
    }

    pub(super) fn consequences(self) -> &'static [&'static str] {
        match self {
            Self::EndLease => &[
                "The lease ends now. The next retry takes over with a higher fence and runs the \
                 body from its start; the present attempt's answer is then discarded.",
                "The present attempt is not stopped. If its process is alive, what it does \
                 happens, and until a retry has taken over it can renew its lease and finish. End \
                 the lease of an attempt whose process is gone, or stop that process first.",
            ],
            Self::Forget => &[
                "The stored answer is deleted, and nothing remembers that this key has run. If its \
                 effect happened, a retry repeats it.",
                "A near cache may replay the answer for up to a minute more.",
            ],
            Self::Dismiss => &[],
        }
    }

    /// Whether a record in this state can be acted on so.
    pub(super) fn fits(self, view: &RecordView) -> Result<(), Refusal> {
        match (self, view.state) {
            (Self::EndLease, State::Running { .. })
            | (Self::Forget, State::Done | State::Tombstone) => Ok(()),
            (Self::EndLease, State::Stuck) => Err(Refusal::LeaseOver),
            _ => Err(Refusal::MovedOn),
        }
    }
}
