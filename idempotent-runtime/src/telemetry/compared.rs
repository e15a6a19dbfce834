//! The detectors that compare a call with others of this process, by the
//! table of what was seen of late: suspected duplicates, keys in two scopes,
//! forgotten records. Off, there is no table, and each is one branch.

mod by;

use std::time::Duration;

pub(crate) use self::by::Compared;

use super::findings::{Example, FindingKind};
use super::labels::Detector;
use super::rare::Rare;
use super::recent::{Before, Recent, Tag};
use super::verdicts::example;
use super::{Telemetry, status};
use crate::answer::Answer;
use crate::engine::Call;
use crate::outcome::Previous;
#[cfg(feature = "admin")]
use crate::record::RecordId;

/// Where the call that was marked stands: in the lowest bits of a mark, whose
/// others are its key's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Running = 0,
    /// Its client left before the answer.
    Unseen = 1,
    Failed = 2,
    Succeeded = 3,
    /// A refusal: its client is right to ask anew.
    Refused = 4,
}

const STANDS: u32 = 7;

impl Telemetry {
    /// The body of a call starts.
    pub(super) fn compare(&self, call: &Call, previous: Previous) {
        let Some(recent) = &self.recent else {
            return;
        };
        if previous == Previous::None {
            self.forgotten(recent, call);
        }
        if call.compared.suspects {
            self.suspected(recent, call);
        }
        if let Some(tag) = call.compared.key {
            self.cross_scope(recent, call, tag);
        }
    }

    /// The body of a call has a final answer, that the store has.
    pub(super) fn compare_answer(&self, call: &Call, answer: &Answer) {
        let Some(recent) = &self.recent else {
            return;
        };
        let end = recent.seconds(call.ttl.duration());
        let tag = recent.tag(Detector::Forgotten, call.id.as_bytes());
        self.pushed_out(recent.see(tag, |_| Some(end)));
        self.stands(
            call,
            match status(answer) {
                Some(400..=499) => Stands::Refused,
                _ if call.attempt.is_unseen() => Stands::Unseen,
                _ => Stands::Succeeded,
            },
        );
    }

    /// The body of a call has no final answer.
    pub(super) fn compare_failure(&self, call: &Call) {
        self.stands(call, Stands::Failed);
    }

    fn stands(&self, call: &Call, stands: Stands) {
        if let Some(recent) = self.recent.as_ref().filter(|_| call.compared.suspects) {
            let (tag, key) = (request(recent, call), key_bits(call));
            recent.see(tag, |before| {
                let own = before.is_some_and(|before| before.mark & !STANDS == key);
                own.then_some(key | stands as u32)
            });
        }
    }

    /// An operator deleted a record: the store did not lose it.
    #[cfg(feature = "admin")]
    pub(crate) fn deleted(&self, id: &RecordId) {
        if let Some(recent) = &self.recent {
            let tag = recent.tag(Detector::Forgotten, id.as_bytes());
            recent.see(tag, |before| before.map(|_| 0));
        }
    }

    fn forgotten(&self, recent: &Recent, call: &Call) {
        let tag = recent.tag(Detector::Forgotten, call.id.as_bytes());
        let mut end = None;
        // Of no use from now on: the body runs again.
        recent.see(tag, |before| {
            end = before.map(|before| before.mark);
            before.map(|_| 0)
        });
        // The store's clock ends a life, and this one's is a second too rough.
        if end.is_some_and(|end| end > recent.seconds(Duration::from_secs(2))) {
            self.meters.count(call.operation, Rare::Forgotten);
            self.found(FindingKind::ForgottenRecord, call.operation, example(call));
        }
    }

    fn suspected(&self, recent: &Recent, call: &Call) {
        let (tag, key) = (request(recent, call), key_bits(call));
        let mut other = None;
        self.pushed_out(recent.see(tag, |before| {
            other = before.filter(|before| before.mark & !STANDS != key);
            Some(key | Stands::Running as u32)
        }));
        let Some(Before { ago, mark }) = other else {
            return;
        };
        // How many of one scope make a finding: a second coffee is no bug.
        let (evidence, enough) = match mark & STANDS {
            0 => (Rare::SuspectedOverlap, 1),
            1 => (Rare::SuspectedUnseen, 1),
            2 => (Rare::SuspectedFailure, 2),
            3 => (Rare::SuspectedSuccess, 5),
            _ => return,
        };
        self.meters.count(call.operation, evidence);
        let scope = call.scope();
        let scope = (call.operation, scope.as_bytes(), evidence);
        let mut count = 0;
        self.pushed_out(recent.see(recent.tag(Detector::Suspects, scope), |before| {
            count = before.map_or(0, |before| before.mark) + 1;
            Some(count)
        }));
        if count >= enough {
            self.found_ago(FindingKind::SuspectedDuplicate, call, ago);
        }
    }

    fn cross_scope(&self, recent: &Recent, call: &Call, tag: Tag) {
        let scope = call.compared.scope;
        let mut other = None;
        self.pushed_out(recent.see(tag, |before| {
            other = before.filter(|before| before.mark != scope);
            Some(scope)
        }));
        if let Some(Before { ago, .. }) = other {
            self.meters.count(call.operation, Rare::CrossScope);
            self.found_ago(FindingKind::CrossScopeKey, call, ago);
            if self.cross_scope.is_often(call.operation) {
                self.found(FindingKind::KeysTried, call.operation, example(call));
            }
        }
    }

    fn found_ago(&self, kind: FindingKind, call: &Call, ago: Duration) {
        let example = Example {
            ago: Some(ago),
            ..example(call)
        };
        self.found(kind, call.operation, example);
    }

    /// A detector's entry, still of use, made room for another.
    pub(super) fn pushed_out(&self, of: Option<Detector>) {
        if let Some(detector) = of {
            self.meters.evicted(detector);
        }
    }
}

/// What a client asked, whatever its key.
fn request(recent: &Recent, call: &Call) -> Tag {
    let (scope, fingerprint) = (call.scope(), call.fingerprint);
    recent.tag(
        Detector::Suspects,
        (call.operation, scope.as_bytes(), fingerprint),
    )
}

/// A record's id is made of operation, scope and key.
fn key_bits(call: &Call) -> u32 {
    let [a, b, c, d, ..] = *call.id.as_bytes();
    u32::from_le_bytes([a, b, c, d]) & !STANDS
}
