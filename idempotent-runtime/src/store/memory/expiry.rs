//! Which records may have expired, without looking at the others.

use std::collections::BTreeMap;

use crate::record::StoreTime;

/// Slots by the second in which they were due. A record whose life grew since
/// is put back when its turn comes, so that renewing a lease costs nothing.
#[derive(Debug, Default)]
pub(super) struct Expiry {
    due: BTreeMap<u32, Vec<u32>>,
}

impl Expiry {
    pub(super) fn add(&mut self, slot: u32, at: StoreTime) {
        self.due.entry(second(at) + 1).or_default().push(slot);
    }

    /// A slot whose second has passed.
    pub(super) fn pop(&mut self, now: StoreTime) -> Option<u32> {
        let mut first = self.due.first_entry()?;
        if *first.key() > second(now) {
            return None;
        }
        let slot = first.get_mut().pop();
        if first.get().is_empty() {
            first.remove();
        }
        slot
    }
}

/// Whole seconds; 32 bits last until 2106, and saturate.
fn second(at: StoreTime) -> u32 {
    u32::try_from(at / 1_000_000)
        .unwrap_or(u32::MAX - 1)
        .min(u32::MAX - 1)
}
