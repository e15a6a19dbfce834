//! Warnings and errors are told at most once a second for each kind and
//! operation, with the count of those left out: a failing store must not fill
//! the disk.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const PAUSE: Duration = Duration::from_secs(1);

/// Operations are few; beyond this the oldest are dropped with their counts.
const MOST: usize = 4_096;

#[derive(Default)]
pub(super) struct Limit(Mutex<HashMap<(&'static str, &'static str), Told>>);

struct Told {
    at: Instant,
    left_out: u64,
}

impl Limit {
    /// How many were left out since the last one, if this one may be told.
    pub(super) fn pass(&self, kind: &'static str, operation: &'static str) -> Option<u64> {
        let now = Instant::now();
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MOST {
            told.retain(|_, told| now.duration_since(told.at) < PAUSE);
        }
        let mut left_out = 0;
        if let Some(last) = told.get_mut(&(kind, operation)) {
            if now.duration_since(last.at) < PAUSE {
                last.left_out += 1;
                return None;
            }
            left_out = last.left_out;
        }
        let at = now;
        told.insert((kind, operation), Told { at, left_out: 0 });
        Some(left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_a_second_of_each_kind_and_operation_is_told() {
        let limit = Limit::default();
        assert_eq!(limit.pass("takeover", "pay"), Some(0));
        assert_eq!(limit.pass("takeover", "pay"), None);
        assert_eq!(limit.pass("takeover", "pay"), None);
        assert_eq!(limit.pass("takeover", "refund"), Some(0));
        assert_eq!(limit.pass("interrupted", "pay"), Some(0));
        tokio::time::advance(PAUSE).await;
        assert_eq!(limit.pass("takeover", "pay"), Some(2));
        assert_eq!(limit.pass("takeover", "pay"), None);
    }
}
