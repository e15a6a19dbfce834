//! Waiting by polling, for stores without notifications.

use std::time::Duration;

use tokio::time::Instant;

use super::{Store, StoreError};
use crate::lease::Token;
use crate::record::{RecordId, State};

/// The first pause between two looks.
const FIRST: Duration = Duration::from_millis(5);
/// The longest pause between two looks.
const LONGEST: Duration = Duration::from_millis(250);

/// Looks at the record, at growing distances with jitter, until it has
/// stopped running or `at_most` is over.
pub async fn poll_until_free<S: Store + ?Sized>(
    store: &S,
    id: &RecordId,
    at_most: Duration,
) -> Result<(), StoreError> {
    let deadline = Instant::now() + at_most;
    let mut pause = FIRST;
    loop {
        match store.inspect(id).await? {
            Some(view) if matches!(view.state, State::Running { .. }) => {}
            _ => return Ok(()),
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        tokio::time::sleep(jittered(pause).min(left)).await;
        pause = (pause * 2).min(LONGEST);
    }
}

/// Between half of `pause` and all of it, so that processes do not poll in step.
pub(super) fn jittered(pause: Duration) -> Duration {
    let random = Token::mint().map_or(255, |token| token.as_bytes()[0]);
    pause / 2 + (pause / 2) * u32::from(random) / 255
}
