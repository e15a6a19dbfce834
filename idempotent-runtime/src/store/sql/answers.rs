//! From "did a row change" to what a verb answers, and a fence as it is bound.

use crate::lease::Fence;
use crate::outcome::{Operated, Ownership};

/// Whether the record was the caller's.
pub(crate) fn ownership(held: bool) -> Ownership {
    if held {
        Ownership::Held
    } else {
        Ownership::Lost
    }
}

/// Whether the operator's verb was carried out.
pub(crate) fn operated(applied: bool) -> Operated {
    if applied {
        Operated::Applied
    } else {
        Operated::Refused
    }
}

/// A fence to bind; what is no fence of ours matches no row.
pub(crate) fn number(fence: Fence) -> i64 {
    i64::try_from(fence.get()).unwrap_or(-1)
}
