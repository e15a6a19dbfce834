//! The list of findings, bounded: one entry for each kind and place.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::{Example, Finding, FindingKind};

/// At most so many: the one that was seen longest ago goes first.
const MOST: usize = 256;

/// A finding is told at first sight, and then so often at most.
const PAUSE: Duration = Duration::from_mins(1);

#[derive(Default)]
pub(in crate::telemetry) struct List(Mutex<HashMap<(FindingKind, String), Entry>>);

struct Entry {
    finding: Finding,
    seen: Instant,
    told: Instant,
}

impl List {
    /// Adds one, and gives it back if it is to be told now.
    pub(in crate::telemetry) fn add(
        &self,
        kind: FindingKind,
        place: &str,
        example: Example,
    ) -> Option<Finding> {
        let (now, wall) = (Instant::now(), wall_clock());
        let mut list = self.lock();
        if let Some(entry) = list.get_mut(&(kind, place.to_owned())) {
            entry.seen = now;
            let finding = &mut entry.finding;
            finding.last_seen = wall;
            finding.count += 1;
            finding.example = example;
            if now.duration_since(entry.told) < PAUSE {
                return None;
            }
            entry.told = now;
            return Some(entry.finding.clone());
        }
        if list.len() >= MOST {
            let oldest = list.iter().min_by_key(|(_, entry)| entry.seen);
            if let Some(oldest) = oldest.map(|(place, _)| place.clone()) {
                list.remove(&oldest);
            }
        }
        let finding = Finding {
            kind,
            place: place.to_owned(),
            first_seen: wall,
            last_seen: wall,
            count: 1,
            example,
        };
        let entry = Entry {
            finding: finding.clone(),
            seen: now,
            told: now,
        };
        list.insert((kind, place.to_owned()), entry);
        Some(finding)
    }

    /// All of them: the worst kinds first, and of one kind the latest.
    pub(in crate::telemetry) fn all(&self) -> Vec<Finding> {
        let list = self.lock();
        let mut entries: Vec<_> = list.values().collect();
        entries.sort_by(|a, b| {
            let kinds = a.finding.kind.cmp(&b.finding.kind);
            kinds.then(b.seen.cmp(&a.seen))
        });
        entries.iter().map(|entry| entry.finding.clone()).collect()
    }

    /// Takes one off the list; whether it was there.
    #[cfg(feature = "admin")]
    pub(in crate::telemetry) fn dismiss(&self, kind: FindingKind, place: &str) -> bool {
        self.lock().remove(&(kind, place.to_owned())).is_some()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(FindingKind, String), Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[allow(clippy::disallowed_methods, reason = "shown to people")]
fn wall_clock() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: FindingKind = FindingKind::LateRetry;

    #[tokio::test(start_paused = true)]
    async fn one_place_is_one_entry_told_once_a_minute() {
        let list = List::default();
        let add = || list.add(KIND, "pay", Example::default());
        assert_eq!(add().map(|it| it.count), Some(1));
        assert!(add().is_none());
        tokio::time::advance(PAUSE).await;
        assert_eq!(add().map(|it| it.count), Some(3));
        assert!(list.add(KIND, "refund", Example::default()).is_some());
        let places: Vec<_> = list.all().into_iter().map(|it| it.place).collect();
        assert_eq!(places.len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn the_one_seen_longest_ago_makes_room() {
        let list = List::default();
        for n in 0..MOST {
            list.add(KIND, &format!("place {n}"), Example::default());
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        list.add(KIND, "place 0", Example::default());
        tokio::time::advance(Duration::from_secs(1)).await;
        list.add(FindingKind::DuplicateExecution, "late", Example::default());
        let all = list.all();
        assert_eq!(all.len(), MOST);
        assert_eq!(
            (all[0].place.as_str(), all[1].place.as_str()),
            ("late", "place 0")
        );
        assert!(all.iter().all(|finding| finding.place != "place 1"));
    }
}
