//! Who did what to which record: an event at INFO for every action that was
//! tried by somebody who may act, whatever came of it.

use super::action::Action;
use super::operator::Operator;
use super::refusal::Refusal;

/// The target of audit events, for a log of their own.
const TARGET: &str = "idempotent::audit";

/// `what` is a record's or a finding's id; `before` what stood there.
pub(super) fn record(
    operator: &Operator,
    action: Action,
    what: &str,
    fence: u64,
    before: &str,
    result: &Result<(), Refusal>,
) {
    let result = match result {
        Ok(()) => "done",
        Err(refusal) => refusal.code(),
    };
    tracing::info!(
        target: TARGET, operator = operator.name(), action = action.code(), record = what,
        fence, before, result, "an operator acted"
    );
}
