//! Ctrl-C, SIGTERM and a closed terminal, as a flag: the chore stops what it
//! started and ends by itself. A second signal ends it at once, and the
//! watchdogs clean up behind it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

use crate::failure::{Failure, Outcome};

/// Says whether a signal has asked for the end.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt {
    /// The signal's number; 0 while there was none.
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    /// Starts to watch for signals.
    pub(crate) fn watch() -> Outcome<Self> {
        let signal = Arc::new(AtomicUsize::new(0));
        let again = Arc::new(AtomicBool::new(false));
        for number in [SIGINT, SIGTERM, SIGHUP] {
            let value = number.unsigned_abs() as usize;
            // In this order: the first signal must not see its own flag.
            flag::register_conditional_shutdown(number, 128 + number, Arc::clone(&again))
                .and_then(|_| flag::register(number, Arc::clone(&again)))
                .and_then(|_| flag::register_usize(number, Arc::clone(&signal), value))
                .map_err(Failure::doing("watch for signals"))?;
        }
        Ok(Self { signal })
    }

    /// An error once a signal has come.
    pub(crate) fn check(&self) -> Outcome<()> {
        match self.signal.load(Ordering::Relaxed) {
            0 => Ok(()),
            signal => Err(Failure::Interrupted(signal)),
        }
    }
}
