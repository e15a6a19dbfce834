//! What a run may say, and with what evidence.

mod ended;
mod event;
mod finding;
mod report;

pub(crate) use ended::{Ended, How};
pub(crate) use event::{Event, What, timelines};
pub(crate) use finding::{Evidence, Finding, Level, Seen, Shown, State, Times};
pub(crate) use report::{Control, Report};

/// The schema of a run's record, `run.json`.
pub(crate) fn schema() -> schemars::Schema {
    schemars::schema_for!(Report)
}

/// The schema of a line of `events.jsonl`.
pub(crate) fn event_schema() -> schemars::Schema {
    schemars::schema_for!(Event)
}
