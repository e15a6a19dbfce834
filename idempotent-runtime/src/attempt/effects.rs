//! `attempt.record_effect(…)`: what a body did outside, told to the detector
//! of effects that happen twice for one record.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::Attempt;
use crate::telemetry::Telemetry;

/// So many of an attempt are remembered.
const MOST: usize = 64;

/// What an attempt has done so far.
#[derive(Default)]
pub(super) struct Effects {
    watcher: OnceLock<(Arc<Telemetry>, &'static str)>,
    done: Mutex<Vec<u64>>,
}

impl Attempt {
    /// Says that an effect happens now: a charge, a mail, by the id that tells
    /// it from others of its name. The second one of the same name and id for
    /// one record is a [finding](crate::findings): within one attempt always,
    /// and in a rerun in this process where
    /// [`detector_slots`](crate::IdempotencyBuilder::detector_slots) are not 0.
    /// It prevents nothing, and writes nothing: across processes an effect that
    /// must happen once is a [step](Self::step). The id is hashed, and kept
    /// nowhere.
    ///
    /// ```
    /// # async fn charge(order: u64) {}
    /// # async fn body(attempt: idempotent_runtime::Attempt, order: u64) {
    /// attempt.record_effect("charge", &order);
    /// charge(order).await;
    /// # }
    /// ```
    pub fn record_effect(&self, name: &'static str, id: &(impl Hash + ?Sized)) {
        let effects = &self.0.effects;
        let (Some((telemetry, operation)), Some(record)) =
            (effects.watcher.get(), self.record_id())
        else {
            return;
        };
        let mut hasher = DefaultHasher::new();
        (name, id).hash(&mut hasher);
        let effect = hasher.finish();
        let again = effects.happens_again(effect);
        if telemetry.effect_happened(&record, effect) || again {
            telemetry.repeated_effect(operation, record, self.fence(), name);
        }
    }

    /// The attempt's body starts, and is watched.
    pub(crate) fn watch(&self, telemetry: &Arc<Telemetry>, operation: &'static str) {
        // A body starts once.
        let _ = self
            .0
            .effects
            .watcher
            .set((Arc::clone(telemetry), operation));
    }
}

impl Effects {
    fn happens_again(&self, effect: u64) -> bool {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        let again = done.contains(&effect);
        if !again && done.len() < MOST {
            done.push(effect);
        }
        again
    }
}

impl fmt::Debug for Effects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Effects").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_attempt_only_so_many_are_remembered() {
        let effects = Effects::default();
        let first = |n| !effects.happens_again(n);
        assert!((0..=MOST as u64).all(first), "each is another");
        assert!(effects.happens_again(0));
        assert!(effects.happens_again(MOST as u64 - 1));
        assert!(!effects.happens_again(MOST as u64), "beyond the bound");
    }
}
