//! From the row of a counting statement to figures.

use super::row::Columns;
use crate::store::{Count, StoreError, StoreStats};

/// Up to how many of what runs, and of what is stuck, the statements count.
const COUNTED: u64 = 10_000;
/// How many records they take for a sample.
const SAMPLE: u64 = 2_000;

/// Reads a counting statement's row: running under a live lease, stuck, stuck
/// or expired since (both up to the bound), and of the sample: how many there
/// are, running or stuck, stuck, done, expired, the last id.
pub(crate) fn figures(row: &impl Columns) -> Result<StoreStats, StoreError> {
    let count = |column| Ok::<_, StoreError>(u64::try_from(row.integer(column)?).unwrap_or(0));
    let (running, stuck, lapsed) = (count(0)?, count(1)?, count(2)?);
    let sampled = count(3)?;
    let scale = Scale::of(sampled, row.bytes(8)?.as_deref());
    let (stuck, all_running) = if running < COUNTED && lapsed < COUNTED {
        (Count::exact(stuck), Count::exact(running + stuck))
    } else {
        // At least those that were counted.
        let about = |column, least: u64| {
            let estimate = scale.count(count(column)?).records;
            Ok::<_, StoreError>(Count::about(estimate.max(least)))
        };
        let is_all = lapsed < COUNTED;
        let stuck_of_all = about(5, stuck)?;
        let stuck_now = if is_all {
            Count::exact(stuck)
        } else {
            stuck_of_all
        };
        (stuck_now, about(4, running + stuck)?)
    };
    Ok(StoreStats {
        running: Some(all_running),
        stuck: Some(stuck),
        done: Some(scale.count(count(6)?)),
        expired: Some(scale.count(count(7)?)),
    })
}

/// How many records stand behind one of the sample.
enum Scale {
    /// It is all of them.
    All,
    Times(f64),
}

impl Scale {
    /// Ids are digests, evenly spread: the sample takes up as much of their
    /// room as it is a part of all records.
    #[allow(clippy::cast_precision_loss)] // of an estimate
    fn of(sampled: u64, last_id: Option<&[u8]>) -> Self {
        let head = last_id.and_then(|id| id.first_chunk::<8>());
        match head {
            Some(head) if sampled >= SAMPLE => {
                let part = (u64::from_be_bytes(*head).max(1)) as f64 / u64::MAX as f64;
                Self::Times(1.0 / part)
            }
            _ => Self::All,
        }
    }

    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )] // an estimate, of a few and of what is not below zero
    fn count(&self, of_the_sample: u64) -> Count {
        match self {
            Self::All => Count::exact(of_the_sample),
            Self::Times(times) => Count::about((of_the_sample as f64 * times).round() as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_of_half_the_room_stands_for_twice_as_many() {
        let mut id = [0; 32];
        id[0] = 0x80;
        let half = Scale::of(SAMPLE, Some(&id));
        assert_eq!(half.count(300), Count::about(600));
        let all = Scale::of(SAMPLE - 1, Some(&id));
        assert_eq!(all.count(300), Count::exact(300));
        assert_eq!(Scale::of(0, None).count(0), Count::exact(0));
    }
}
