//! `rerun_safe_sample`, and the knobs that say that the body must not run twice,
//! or that it cannot run by itself.

use super::Mode;
use crate::args::{Args, OnInterrupt};
use crate::errors::Errors;
use crate::knob::Knob;

pub(super) fn check(args: &Args, mode: Mode, errors: &mut Errors) {
    let Some(span) = args.at(Knob::RerunSafeSample) else {
        return;
    };
    if mode == Mode::Function {
        errors.push(
            span,
            "`rerun_safe_sample` is for handlers: a function's arguments are gone once its caller has \
             the answer; remove `rerun_safe_sample`",
        );
    }
    if args.has(Knob::Transaction) {
        errors.push(
            span,
            "`rerun_safe_sample` runs the body a second time without a record, and its transaction would \
             be committed twice: remove `rerun_safe_sample`",
        );
    }
    let forbids = match &args.on_interrupt {
        Some(OnInterrupt::Reject) => "`on_interrupt = reject` forbids that",
        Some(OnInterrupt::Recover(_)) => "`on_interrupt = recover(\u{2026})` forbids that unasked",
        Some(OnInterrupt::Rerun) | None => return,
    };
    errors.push(
        span,
        format!(
            "`rerun_safe_sample` runs the body a second time with all its effects, and {forbids}: \
             remove `rerun_safe_sample`"
        ),
    );
}
