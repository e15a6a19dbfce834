//! What a run may say, and with what evidence.

mod finding;
mod report;

pub(crate) use finding::{Evidence, Finding, Level, Seen, Shown, State, Times};
pub(crate) use report::{Control, Report};

/// The schema of a run's record, `run.json`.
pub(crate) fn schema() -> schemars::Schema {
    schemars::schema_for!(Report)
}
