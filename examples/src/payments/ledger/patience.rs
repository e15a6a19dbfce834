//! A database that restarts is waited for. Every write of a ledger has an id,
//! and is safe to send again: of a commit whose acknowledgement was lost, the
//! second try finds that it is done.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::LedgerError;

/// For how long a ledger is tried.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(100);

/// Tries until the database answers, or said no, or the patience is over.
pub(super) async fn patiently<T, E, F>(mut attempt: impl FnMut() -> F) -> Result<T, LedgerError>
where
    F: Future<Output = Result<T, E>>,
    E: Into<LedgerError>,
{
    let started = Instant::now();
    loop {
        match attempt().await.map_err(Into::into) {
            Err(LedgerError::Unavailable { .. }) if started.elapsed() < PATIENCE => {
                sleep(PAUSE).await;
            }
            answer => return answer,
        }
    }
}
