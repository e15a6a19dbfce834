//! Whether something seldom comes so often that it means more.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// So many within [`WINDOW`] are often.
pub(super) const OFTEN: usize = 20;
const WINDOW: Duration = Duration::from_mins(1);

/// Operations are few; beyond this, those that had none of late are dropped.
const MOST: usize = 1_024;

/// When it came last, for each operation: at most [`OFTEN`] times.
#[derive(Default)]
pub(super) struct Rate(Mutex<HashMap<&'static str, VecDeque<Instant>>>);

impl Rate {
    /// It came once more; whether that was often within a minute.
    pub(super) fn is_often(&self, operation: &'static str) -> bool {
        let now = Instant::now();
        let of_late = |at: &Instant| now.duration_since(*at) < WINDOW;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, times| times.back().is_some_and(of_late));
        }
        let times = all.entry(operation).or_default();
        if times.len() == OFTEN {
            times.pop_front();
        }
        times.push_back(now);
        times.len() == OFTEN && times.front().is_some_and(of_late)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn twenty_within_a_minute_are_often_and_twenty_within_two_are_not() {
        let rate = Rate::default();
        for n in 1..=40 {
            assert!(!rate.is_often("slow"), "{n}");
            tokio::time::advance(Duration::from_secs(4)).await;
        }
        for n in 1..OFTEN {
            assert!(!rate.is_often("pay"), "{n}");
            assert_eq!(rate.is_often("other"), n == OFTEN, "{n}");
        }
        assert!(rate.is_often("pay"));
        assert!(rate.is_often("pay"), "and it goes on");
        tokio::time::advance(WINDOW).await;
        assert!(!rate.is_often("pay"));
    }
}
