//! The store's verbs as they are, and broken in one way each, to show that
//! the checker finds it.

use idempotent_runtime::outcome::{ClaimOutcome, Claimed, Completion, Running};
use idempotent_runtime::record::{Record, RecordView};
use idempotent_runtime::{Answer, Fingerprint};

use crate::kept::{Kept, Phase};
use crate::state::TokenNo;
use crate::store::Store;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutant {
    /// A claim takes a record whose lease lives.
    StealsLeases,
    /// A completion is not asked for the present fence.
    IgnoresFences,
    /// A completion is not asked for the present token.
    IgnoresTokens,
    /// A late completion replaces a stored answer.
    ReplacesAnswers,
    /// A new attempt gets the fence of the one before.
    RepeatsFences,
    /// A claim that is sent again is taken for another attempt's.
    ForgetsTokens,
    /// The record of a running attempt ends with its ttl.
    DiesWithTtl,
    /// An attempt whose completion is not acknowledged releases its key.
    ReleasesWhatRan,
    /// An attempt that lost to nobody leaves it at that.
    ForgetsWhatRan,
    /// A paused attempt's caller gets its answer, though another one won.
    AnswersFromThePast,
}

impl Mutant {
    pub(crate) const ALL: [Self; 10] = [
        Self::StealsLeases,
        Self::IgnoresFences,
        Self::IgnoresTokens,
        Self::ReplacesAnswers,
        Self::RepeatsFences,
        Self::ForgetsTokens,
        Self::DiesWithTtl,
        Self::ReleasesWhatRan,
        Self::ForgetsWhatRan,
        Self::AnswersFromThePast,
    ];

    /// The invariant that it breaks.
    pub(crate) fn breaks(self) -> u8 {
        match self {
            Self::StealsLeases => 1,
            Self::IgnoresFences => 2,
            Self::ReplacesAnswers => 3,
            Self::RepeatsFences => 4,
            Self::ForgetsTokens => 5,
            Self::DiesWithTtl => 6,
            Self::ReleasesWhatRan | Self::ForgetsWhatRan => 9,
            Self::IgnoresTokens | Self::AnswersFromThePast => 10,
        }
    }
}

pub(crate) fn claim(store: &mut Store, kept: &Kept, token: TokenNo) -> ClaimOutcome {
    let (own, now) = (kept.is_of(token), store.now);
    let running = kept.phase == Phase::Running && kept.is_alive(now);
    let mutant = store.terms.mutant;
    match (mutant, &mut store.record) {
        (Some(Mutant::StealsLeases), Some(record)) if !own => {
            record.expire(record.fence(), now);
        }
        (Some(Mutant::ForgetsTokens), Some(_)) if own && running => {
            let (age, remaining) = Default::default();
            return ClaimOutcome::Running(Running::new(Fingerprint::none(), age, remaining));
        }
        _ => {}
    }
    let before = store.record.as_ref().map(Record::fence);
    match (store.claim(token), before) {
        (ClaimOutcome::Claimed(claimed), Some(before)) if mutant == Some(Mutant::RepeatsFences) => {
            ClaimOutcome::Claimed(Claimed::new(before, claimed.previous))
        }
        (outcome, _) => outcome,
    }
}

pub(crate) fn complete(
    store: &mut Store,
    kept: &Kept,
    token: TokenNo,
    fence: u64,
    answer: &Answer,
) -> Completion {
    let present = store
        .record
        .as_ref()
        .map_or(fence, |record| record.fence().get());
    match store.terms.mutant {
        Some(Mutant::IgnoresFences) => store.complete(token, present, answer),
        Some(Mutant::IgnoresTokens) => store.complete(kept.owner.unwrap_or(token), present, answer),
        Some(Mutant::ReplacesAnswers) if kept.is_done(store.now) => Completion::Stored,
        _ => store.complete(token, fence, answer),
    }
}

/// What time does to a record that ends too soon.
pub(crate) fn age(store: &mut Store) {
    let ttl = store.ttl().duration();
    let is_over = |view: &RecordView| view.answer_bytes.is_none() && view.age >= ttl;
    if store.terms.mutant == Some(Mutant::DiesWithTtl) && store.view().as_ref().is_some_and(is_over)
    {
        store.record = None;
    }
}
