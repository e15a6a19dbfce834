//! A case, what it needs, and how all of them are run.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

use super::expectation::{Checked, Failure};
use super::report::{Report, Row, Verdict};
use super::world::World;
use crate::store::{Capabilities, Store};

/// One promise of a store.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Case {
    /// The promise, in words.
    pub name: &'static str,
    /// The protocol's invariants that it is about, by number.
    pub invariants: &'static [u8],
    /// The optional verb that it needs.
    pub needs: Need,
    pub(super) run: Run,
}

/// What a case needs beyond the required verbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Need {
    /// Nothing: every store has to pass.
    Nothing,
    /// [`Capabilities::sweep`].
    Sweep,
    /// [`Capabilities::operator`].
    Operator,
    /// [`Capabilities::quota`].
    Quota,
    /// [`Capabilities::grace`].
    Grace,
    /// [`Capabilities::steps`].
    Steps,
    /// [`Capabilities::lists`].
    Lists,
}

pub(super) type Run = fn(World) -> Pin<Box<dyn Future<Output = Checked> + Send>>;

/// A store that hangs must not hang the suite.
const AT_MOST: Duration = Duration::from_mins(2);

impl Need {
    fn is_met_by(self, capabilities: Capabilities) -> bool {
        match self {
            Self::Nothing => true,
            Self::Sweep => capabilities.sweep,
            Self::Operator => capabilities.operator,
            Self::Quota => capabilities.quota,
            Self::Grace => capabilities.grace,
            Self::Steps => capabilities.steps,
            Self::Lists => capabilities.lists,
        }
    }
}

/// Every case that applies, each in a task of its own, so that one that
/// panics takes no other with it.
pub(super) async fn run_all(store: &Arc<dyn Store>, rounds: usize, cases: &[&Case]) -> Report {
    let capabilities = store.capabilities();
    let mut verdicts = vec![Verdict::NotApplicable; cases.len()];
    // Lists come after all others: they read whatever is there, and should not
    // take the time of cases whose leases are short.
    let is_list = |place: usize| cases[place].needs == Need::Lists;
    let (lists, others) = (0..cases.len())
        .filter(|place| cases[*place].needs.is_met_by(capabilities))
        .partition::<Vec<_>, _>(|place| is_list(*place));
    for places in [others, lists] {
        run_some(store, rounds, cases, &places, &mut verdicts).await;
    }
    let rows = cases
        .iter()
        .zip(verdicts)
        .map(|(case, verdict)| Row {
            case: **case,
            verdict,
        })
        .collect();
    Report::new(rows)
}

async fn run_some(
    store: &Arc<dyn Store>,
    rounds: usize,
    cases: &[&Case],
    places: &[usize],
    verdicts: &mut [Verdict],
) {
    let mut tasks = JoinSet::new();
    let mut running = std::collections::HashMap::new();
    for &place in places {
        let world = World::new(Arc::clone(store), rounds);
        let task = tasks.spawn(timeout(AT_MOST, (cases[place].run)(world)));
        running.insert(task.id(), place);
    }
    while let Some(ended) = tasks.join_next_with_id().await {
        let (task, verdict) = match ended {
            Ok((task, Ok(Ok(())))) => (task, Verdict::Passed),
            Ok((task, Ok(Err(failure)))) => (task, Verdict::Failed(failure.to_string())),
            Ok((task, Err(_))) => (task, hung()),
            Err(error) => (error.id(), Verdict::Failed(panicked(error).to_string())),
        };
        if let Some(place) = running.get(&task) {
            verdicts[*place] = verdict;
        }
    }
}

fn hung() -> Verdict {
    Verdict::Failed(format!("the case did not end within {AT_MOST:?}"))
}

fn panicked(error: JoinError) -> Failure {
    let Ok(panic) = error.try_into_panic() else {
        return Failure::new("the case was cancelled: the runtime ended");
    };
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Failure::new(format!(
        "the store panicked: {}",
        text.unwrap_or("no message")
    ))
}
