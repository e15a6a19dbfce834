//! Which slots of a shard hold an attempt that runs, so that a list of those
//! looks at no other.

const BITS: usize = u64::BITS as usize;

/// A bit for each slot.
#[derive(Debug, Default)]
pub(super) struct Running {
    words: Vec<u64>,
    count: usize,
}

impl Running {
    pub(super) fn starts(&mut self, slot: u32) {
        let (word, bit) = position(slot);
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.count += usize::from(self.words[word] & bit == 0);
        self.words[word] |= bit;
    }

    pub(super) fn ends(&mut self, slot: u32) {
        let (word, bit) = position(slot);
        if let Some(word) = self.words.get_mut(word) {
            self.count -= usize::from(*word & bit != 0);
            *word &= !bit;
        }
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The first of them from `slot` on.
    pub(super) fn from(&self, slot: u32) -> Option<u32> {
        let (first, bit) = position(slot);
        let rest = self.words.get(first..)?;
        // Of the first word, the bits from the slot's own.
        let mut mask = !(bit - 1);
        for (word, bits) in (first..).zip(rest) {
            let found = (bits & mask).trailing_zeros() as usize;
            if found < BITS {
                return u32::try_from(word * BITS + found).ok();
            }
            mask = u64::MAX;
        }
        None
    }
}

fn position(slot: u32) -> (usize, u64) {
    (slot as usize / BITS, 1 << (slot as usize % BITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_run_are_found_in_order_and_counted_once() {
        let mut running = Running::default();
        for slot in [3, 63, 64, 500, 500, 64] {
            running.starts(slot);
        }
        running.ends(63);
        running.ends(63);
        running.ends(9_999);
        assert_eq!(running.count(), 3);
        let found: Vec<_> =
            std::iter::successors(running.from(0), |slot| running.from(slot + 1)).collect();
        assert_eq!(found, [3, 64, 500]);
        assert_eq!((running.from(3), running.from(4)), (Some(3), Some(64)));
    }
}
