//! Requests that are no calls: those that got no further than their key, and
//! those that run without one.

use std::sync::Arc;

use super::labels::{Cause, Outcome};
use super::meters::Moment;
use super::{Telemetry, events};
use crate::error::Error;

impl Telemetry {
    /// A request that got no further than its key or scope.
    pub(crate) fn refused(&self, operation: &'static str, error: &Error) {
        self.decided(operation, Outcome::of(error));
        events::refused(operation, error);
    }

    /// A request without a key, where none is required.
    pub(crate) fn bypassed(self: &Arc<Self>, operation: &'static str) -> Bypass {
        self.meters.body_started(operation, Cause::Bypass);
        Bypass {
            telemetry: Arc::clone(self),
            operation,
            began: Moment::now(),
        }
    }
}

/// A body that runs unprotected, until dropped.
pub(crate) struct Bypass {
    telemetry: Arc<Telemetry>,
    operation: &'static str,
    began: Moment,
}

impl Drop for Bypass {
    fn drop(&mut self) {
        let meters = &self.telemetry.meters;
        meters.body_ended(self.operation, self.began.until(Moment::now()));
        self.telemetry.decided(self.operation, Outcome::Bypassed);
    }
}
