//! From a replay to the trace of the attempt that it replays. This crate
//! knows no tracing system: two hooks read and link what one keeps.

use tracing::Span;

use super::events;
use crate::engine::Call;
use crate::idempotency::IdempotencyBuilder;
use crate::outcome::Done;
use crate::record::Trace;
use crate::settings::Settings;

/// The hooks of a tracing system.
#[derive(Clone, Copy, Default)]
pub(crate) struct Links {
    current: Option<fn() -> Option<Trace>>,
    link: Option<fn(&Span, Trace)>,
}

impl IdempotencyBuilder {
    /// Reads the current trace of your tracing system (trace id, span id,
    /// flags), to be kept in the record of an attempt. Without it an HTTP
    /// request's `traceparent` is kept.
    ///
    /// ```
    /// # use idempotent_runtime::{Idempotency, MemoryStore};
    /// # fn current() -> Option<([u8; 16], [u8; 8], u8)> { None }
    /// let builder = Idempotency::builder(MemoryStore::new()).trace_context(|| {
    ///     let (trace, span, flags) = current()?;
    ///     let mut bytes = [0; 25];
    ///     bytes[..16].copy_from_slice(&trace);
    ///     bytes[16..24].copy_from_slice(&span);
    ///     bytes[24] = flags;
    ///     Some(bytes)
    /// });
    /// ```
    pub fn trace_context(mut self, current: fn() -> Option<Trace>) -> Self {
        self.settings.links.current = Some(current);
        self
    }

    /// Links the span of a replay to the trace of the attempt that it
    /// replays, in your tracing system. The span is `idempotency.call` where
    /// the level DEBUG is on for the target `idempotent`, else the caller's.
    pub fn on_link(mut self, link: fn(&Span, Trace)) -> Self {
        self.settings.links.link = Some(link);
        self
    }
}

impl Settings {
    /// The trace that an attempt's record keeps: the hook's, or the request's.
    pub(crate) fn trace(&self, of_request: Option<Trace>) -> Option<Trace> {
        self.links.current.map_or(of_request, |current| current())
    }

    /// A call gets a stored answer.
    pub(crate) fn replays(&self, call: &Call, done: &Done) {
        events::replayed(call, done);
        if let (Some(link), Some(trace)) = (self.links.link, done.trace) {
            link(&Span::current(), trace);
        }
    }
}
