//! A run that is asked to stop: no request is begun after that, and what waits wakes up.

use std::{
    sync::atomic::{AtomicU8, Ordering},
    thread,
    time::Duration,
};

use super::Bench;
use crate::{net::now, verdict::How};

/// So long may a wait last after the run was asked to stop.
const NAP: Duration = Duration::from_millis(25);

/// Whether, and by which signal, a run was asked to stop.
#[derive(Debug, Default)]
pub(crate) struct Stop(AtomicU8);

impl Stop {
    /// Asks; the first signal counts.
    pub(crate) fn ask(&self, how: How) {
        let _ = self
            .0
            .compare_exchange(0, how.code(), Ordering::AcqRel, Ordering::Acquire);
    }

    pub(crate) fn asked(&self) -> Option<How> {
        let code = self.0.load(Ordering::Acquire);
        [How::Interrupted, How::Terminated]
            .into_iter()
            .find(|how| how.code() == code)
    }

    /// An error once it was asked: for each place that would begin something.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.asked()
            .map_or(Ok(()), |how| Err(how.word().to_owned()))
    }
}

impl Bench<'_> {
    /// Waits, unless the run is asked to stop.
    pub(crate) fn rest(&self, span: Duration) -> Result<(), String> {
        let end = now() + span;
        loop {
            self.stop.check()?;
            let left = end.saturating_duration_since(now());
            if left.is_zero() {
                return Ok(());
            }
            thread::sleep(left.min(NAP));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Stop;
    use crate::verdict::How;

    #[test]
    fn nothing_is_begun_after_the_first_signal_and_that_one_is_named() {
        let stop = Stop::default();
        assert!(stop.check().is_ok() && stop.asked().is_none());
        stop.ask(How::Interrupted);
        stop.ask(How::Terminated);
        assert_eq!(stop.asked(), Some(How::Interrupted));
        assert_eq!(stop.check().unwrap_err(), How::Interrupted.word());
    }
}
