//! The public suite that proves a [`Store`]: one table of named cases, each of
//! which says which of the protocol's invariants it is about.
//!
//! An outsider's test is one line:
//!
//! ```
//! use idempotent_runtime::{MemoryStore, conformance};
//!
//! #[tokio::main(flavor = "current_thread", start_paused = true)]
//! async fn main() {
//!     conformance::check(MemoryStore::new()).await.assert_passed();
//! }
//! ```
//!
//! The cases let time pass by `tokio::time::sleep`. A store whose clock is
//! tokio's can be checked in paused time, as above; any other store needs a
//! runtime whose clock runs. Leases and ttls are short where they must run
//! out, and the cases run side by side on records of their own, so that the
//! whole takes a few seconds.

mod case;
mod claims;
mod completion;
mod expectation;
mod expiry;
mod faulty;
mod figures;
mod finality;
mod fingerprints;
mod leases;
mod lists;
mod operator;
mod quota;
mod races;
mod releases;
mod report;
mod resent;
mod stale;
mod step_ends;
mod steps;
mod sweeps;
mod table;
mod takeovers;
mod views;
mod waiting;
mod world;

use std::sync::Arc;

pub use self::case::{Case, Need};
pub use self::faulty::{Fault, FaultCounts, FaultyStore, Verb};
pub use self::report::{Report, Row, Verdict};
pub use self::table::CASES;

use crate::store::Store;

/// Runs every case on `store`, side by side. The store must be empty or hold
/// records of nobody else that matter: the cases sweep.
pub async fn check(store: impl Store) -> Report {
    Suite::new(Arc::new(store)).run().await
}

/// The suite with settings of your own.
///
/// ```
/// use idempotent_runtime::{MemoryStore, conformance::Suite};
/// use std::sync::Arc;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let report = Suite::new(Arc::new(MemoryStore::new())).rounds(5).run().await;
/// println!("{report}");
/// assert_eq!(report.failures().count(), 0);
/// # }
/// ```
#[derive(Clone)]
pub struct Suite {
    store: Arc<dyn Store>,
    rounds: usize,
    only: Option<String>,
}

impl Suite {
    /// The suite on a store that is shared with its caller.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            rounds: 50,
            only: None,
        }
    }

    /// How often each race is run; 50 by default.
    pub fn rounds(mut self, rounds: usize) -> Self {
        self.rounds = rounds;
        self
    }

    /// Runs only the cases whose names contain `text`: to look into one.
    pub fn only(mut self, text: impl Into<String>) -> Self {
        self.only = Some(text.into());
        self
    }

    /// Runs the cases of [`CASES`], side by side.
    pub async fn run(self) -> Report {
        let only = self.only.unwrap_or_default();
        let cases = CASES.iter().filter(|case| case.name.contains(&only));
        case::run_all(&self.store, self.rounds, &cases.collect::<Vec<_>>()).await
    }
}

impl std::fmt::Debug for Suite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Suite")
            .field("rounds", &self.rounds)
            .finish_non_exhaustive()
    }
}
