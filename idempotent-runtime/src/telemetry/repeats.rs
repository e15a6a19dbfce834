//! The detector of unprotected routes, as the observing layer tells it.

use std::hash::{DefaultHasher, Hash};

use super::Telemetry;
use super::findings::{Example, FindingKind};
use super::labels::{Detector, RepeatResult};

/// What became of an observed request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answered {
    /// It failed, or its client left before its answer's end.
    Failed,
    /// A digest of its answer.
    With(u64),
}

/// The mark of a failure; an answer's is another one.
const FAILED: u32 = 0;

impl Telemetry {
    /// A hasher of this process, where anything is compared.
    pub(crate) fn hasher(&self) -> Option<DefaultHasher> {
        self.recent.as_ref().map(|recent| recent.hasher())
    }

    /// A request reached a route that nothing guards.
    pub(crate) fn unprotected(&self, route: &str, keyed: bool) {
        self.meters.unprotected(route, keyed);
        if keyed {
            self.found(FindingKind::UnprotectedKey, route, Example::default());
        }
    }

    /// A request that nothing guards was answered.
    pub(crate) fn repeats(&self, route: &str, request: impl Hash, answered: Answered) {
        let Some(recent) = &self.recent else {
            return;
        };
        let mark = match answered {
            Answered::Failed => FAILED,
            // Of 64 bits the upper half, and never the mark of a failure.
            Answered::With(answer) => u32::try_from(answer >> 32).unwrap_or(1).max(1),
        };
        let mut result = None;
        let tag = recent.tag(Detector::Repeats, request);
        self.pushed_out(recent.see(tag, |before| {
            result = before.map(|before| match (before.mark, mark) {
                (FAILED, _) => (RepeatResult::Failed, before.ago),
                (first, again) if first == again => (RepeatResult::Same, before.ago),
                _ => (RepeatResult::Different, before.ago),
            });
            match before {
                // It has succeeded once: that a retry failed is no news.
                Some(before) if mark == FAILED => Some(before.mark),
                _ => Some(mark),
            }
        }));
        let Some((result, ago)) = result else {
            return;
        };
        if mark == FAILED && result == RepeatResult::Different {
            return;
        }
        self.meters.repeated(route, result);
        if result != RepeatResult::Same {
            let ago = Some(ago);
            let example = Example {
                ago,
                ..Example::default()
            };
            self.found(FindingKind::UnprotectedRepeat, route, example);
        }
    }
}
