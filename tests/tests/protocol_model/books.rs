//! The store, and the books beside it: what each of its answers must be, and
//! what may change, by the number of the invariant.

use std::hash::{Hash, Hasher};

use idempotent_runtime::outcome::{ClaimOutcome, Completion, Ownership, Winner};
use idempotent_runtime::record::State as View;

use crate::kept::{Found, Kept, Phase};
use crate::mutant;
use crate::state::{Reason, Terms, TokenNo, answer_of, author};
use crate::store::{Shot, Store, TICK};
use crate::verdict::{Checked, check};

#[derive(Clone)]
pub(crate) struct Books {
    pub(crate) store: Store,
    pub(crate) kept: Kept,
}

impl Books {
    pub(crate) fn new(terms: &Terms) -> Self {
        Self {
            store: Store::new(terms),
            kept: Kept::default(),
        }
    }

    /// Time passes.
    pub(crate) fn tick(&mut self) -> Checked<()> {
        self.store.now += TICK;
        mutant::age(&mut self.store);
        let (now, kept) = (self.store.now, &self.kept);
        let seen = self.store.view().map(|view| view.state);
        let right = match kept.phase {
            _ if !kept.is_alive(now) => seen.is_none(),
            Phase::Running if kept.is_leased(now) => matches!(seen, Some(View::Running { .. })),
            Phase::Running => seen == Some(View::Stuck),
            Phase::Released(reason) => seen == Some(View::Free(reason.into())),
            Phase::Done(_) => seen == Some(View::Done),
            Phase::None => seen.is_none(),
        };
        check(6, right, || format!("{seen:?} at {now}, where {kept:?}"))
    }

    pub(crate) fn claim(&mut self, token: TokenNo) -> Checked<ClaimOutcome> {
        let before = self.store.shot();
        let outcome = mutant::claim(&mut self.store, &self.kept, token);
        let (now, kept) = (self.store.now, &self.kept);
        let (alive, leased) = (kept.is_alive(now), kept.is_leased(now));
        let own = alive && kept.phase == Phase::Running && kept.is_of(token);
        match &outcome {
            ClaimOutcome::Claimed(claimed) => {
                let told = (claimed.fence.get(), Found::from(claimed.previous));
                if own {
                    let first = kept.told;
                    check(5, told == first, || {
                        format!("sent again: {told:?}, not {first:?}")
                    })?;
                    self.kept.renew(now, &self.store.terms);
                } else {
                    self.starts(token, told)?;
                }
            }
            ClaimOutcome::Running(_) => {
                check(5, !own, || format!("{token} is told that another one runs"))?;
                check(6, leased, || {
                    format!("{token} is refused where no lease lives")
                })?;
                self.unchanged(2, &before, "a claim that was refused")?;
            }
            ClaimOutcome::Done(done) => {
                let phase = Phase::Done(author(&done.answer));
                let right = alive && kept.phase == phase;
                check(3, right, || format!("{phase:?}, where {kept:?}"))?;
                self.unchanged(3, &before, "a claim of a done record")?;
            }
            _ => unreachable!("no other outcome is known"),
        }
        Ok(outcome)
    }

    fn starts(&mut self, token: TokenNo, told: (u64, Found)) -> Checked<()> {
        let (now, kept) = (self.store.now, &self.kept);
        let (fence, found) = (told.0, kept.found(now));
        check(1, !kept.is_leased(now), || {
            format!("{token} starts, where {kept:?}")
        })?;
        check(3, !kept.is_done(now), || {
            format!("{token} starts, where {kept:?}")
        })?;
        check(4, fence > kept.highest, || {
            format!("{fence} is not above {}", kept.highest)
        })?;
        check(5, told.1 == found, || {
            format!("{token} is told {told:?}, not {found:?}")
        })?;
        self.kept = Kept::start(token, told, now, &self.store.terms);
        Ok(())
    }

    pub(crate) fn extend(&mut self, token: TokenNo) -> Checked<Ownership> {
        let before = self.store.shot();
        let held = self.store.extend(token);
        let own = self.kept.phase == Phase::Running && self.kept.is_of(token);
        check(2, own == (held == Ownership::Held), || {
            format!("{token} extends: {held:?}")
        })?;
        if own {
            self.kept.renew(self.store.now, &self.store.terms);
        } else {
            self.unchanged(2, &before, "an extension by another")?;
        }
        Ok(held)
    }

    pub(crate) fn complete(&mut self, token: TokenNo, fence: u64) -> Checked<Completion> {
        let before = self.store.shot();
        let body = token / 2;
        let completion =
            mutant::complete(&mut self.store, &self.kept, token, fence, &answer_of(body));
        let (now, kept) = (self.store.now, &self.kept);
        let own = kept.is_of(token) && kept.told.0 == fence;
        match (completion, kept.phase) {
            (Completion::Stored, Phase::Running) if own => {
                self.kept.phase = Phase::Done(body);
                self.kept.ends = now + self.store.terms.ttl * TICK;
            }
            (Completion::Stored, Phase::Done(_)) if own => {
                self.unchanged(3, &before, "a completion sent again")?;
            }
            (Completion::Stored, _) => {
                let invariant = match () {
                    () if kept.is_done(now) => 3,
                    () if kept.is_of(token) => 2,
                    () => 10,
                };
                let what = || format!("{token} completes with fence {fence}, where {kept:?}");
                check(invariant, false, what)?;
            }
            (Completion::Lost(winner), phase) => {
                let theirs = own && matches!(phase, Phase::Running | Phase::Done(_));
                check(5, !theirs, || {
                    format!("the owner {token} loses to {winner:?}")
                })?;
                let expected = match () {
                    () if kept.is_done(now) => Winner::Done,
                    () if kept.is_leased(now) => Winner::Running,
                    () => Winner::None,
                };
                let what = || format!("{token} loses to {winner:?}, not {expected:?}");
                check(10, winner == expected, what)?;
                self.unchanged(2, &before, "a completion that lost")?;
            }
            _ => unreachable!("no other completion is known"),
        }
        Ok(completion)
    }

    pub(crate) fn release(&mut self, token: TokenNo, reason: Reason) -> Checked<Ownership> {
        let before = self.store.shot();
        let held = self.store.release(token, reason);
        let own = self.kept.is_of(token);
        let may = own && matches!(self.kept.phase, Phase::Running | Phase::Released(_));
        check(2, may == (held == Ownership::Held), || {
            format!("{token} releases: {held:?}")
        })?;
        if own && self.kept.phase == Phase::Running {
            self.kept.phase = Phase::Released(reason);
        } else {
            self.unchanged(2, &before, "a release by another, or once more")?;
        }
        Ok(held)
    }

    /// Whether an extension by this token would change anything.
    pub(crate) fn may_renew(&self, token: TokenNo) -> bool {
        let until = self.store.now + self.store.terms.lease * TICK;
        !self.kept.is_of(token) || self.kept.lease_until < until
    }

    fn unchanged(&self, invariant: u8, before: &Shot, by: &str) -> Checked<()> {
        let after = self.store.shot();
        let what = || format!("{by} changes {before:?} to {after:?}");
        check(invariant, *before == after, what)
    }
}

impl Hash for Books {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        (self.store.shot(), self.store.now, &self.kept).hash(hasher);
    }
}
