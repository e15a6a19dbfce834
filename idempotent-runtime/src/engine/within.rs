//! Attempts inside a transaction that this process opens: key, effect and answer
//! are committed together or not at all. One connection for each attempt, no
//! lease, no heartbeat; the duplicates of this process need none, as a list tells
//! them what runs (invariants 1, 8, 9 and 12).

mod ask;
mod begin;
mod finish;
mod listing;

pub(crate) use self::begin::BeginWithin;
pub(crate) use self::finish::Ended;
pub(super) use self::listing::Listing;

use std::sync::Arc;

use self::listing::Entry;
use super::Call;
use super::flight::Place;
use crate::attempt::Attempt;
use crate::lease::{Fence, Token};
use crate::store::Records;

/// The one attempt that runs, inside its transaction. Dropped, it leaves nothing.
pub(crate) struct Within {
    call: Call,
    place: Place,
    token: Token,
    fence: Fence,
    entry: Entry,
    records: Arc<dyn Records>,
}

impl Within {
    pub(crate) fn attempt(&self) -> &Attempt {
        &self.call.attempt
    }
}
