//! From a body's end to what its caller gets, as the engine does it.

use idempotent_runtime::outcome::{ClaimOutcome, Completion, Ownership, Winner};

use super::Moves;
use crate::kept::Phase;
use crate::mutant::Mutant;
use crate::state::{End, Message, Process, Reason, State, Step, TokenNo, author};
use crate::verdict::{Checked, check};

impl Moves<'_> {
    pub(super) fn complete(&mut self, process: Process, fence: u64) {
        let (token, mutant) = (process.token(), self.terms.mutant);
        let waiting = Step::Completing { fence };
        self.extend(process);
        self.crash(process);
        self.step(process, "completes", |state| {
            match state.books.complete(token, fence)? {
                Completion::Stored => answered(state, process, process.number),
                Completion::Lost(winner) => {
                    let leaves = match mutant {
                        Some(Mutant::ForgetsWhatRan) => winner == Winner::None,
                        Some(Mutant::AnswersFromThePast) => winner == Winner::Done,
                        _ => false,
                    };
                    if leaves {
                        return answered(state, process, process.number);
                    }
                    // A third token is not needed to see what two can do.
                    if process.generation == 1 {
                        return Ok(Step::Ended(End::Refused));
                    }
                    state.processes[usize::from(process.number)].generation = 1;
                    Ok(Step::Reclaiming)
                }
                _ => unreachable!("no other completion is known"),
            }
        });
        self.fault(process, "completes, unacknowledged", |state| {
            state.books.complete(token, fence)?;
            frees(state, token)?;
            Ok(waiting)
        });
        self.fault(process, "completes, late", |state| {
            state.late.push(Message::Complete { token, fence });
            frees(state, token)?;
            Ok(waiting)
        });
    }

    /// It lost the record: the winner's answer is its caller's too; where
    /// nobody won, its own answer takes the place.
    pub(super) fn reclaim(&mut self, process: Process) {
        let token = process.token();
        self.crash(process);
        self.step(process, "claims again", |state| {
            match state.books.claim(token)? {
                ClaimOutcome::Claimed(claimed) => Ok(Step::Completing {
                    fence: claimed.fence.get(),
                }),
                ClaimOutcome::Done(done) => answered(state, process, author(&done.answer)),
                _ => Ok(Step::Reclaiming),
            }
        });
        self.fault(process, "claims again, unacknowledged", |state| {
            state.books.claim(token).map(|_| Step::Reclaiming)
        });
        self.step(process, "waits no longer", |_| {
            Ok(Step::Ended(End::Refused))
        });
    }
}

/// Its caller gets the answer of `author`, which must be the record's.
fn answered(state: &State, process: Process, author: u8) -> Checked<Step> {
    let phase = state.books.kept.phase;
    let invariant = if matches!(phase, Phase::Done(_)) {
        10
    } else {
        9
    };
    check(invariant, phase == Phase::Done(author), || {
        format!(
            "the caller of {} gets the answer of {author}, and the record is {phase:?}",
            process.number
        )
    })?;
    Ok(Step::Ended(End::Answered(author)))
}

/// Where the store's silence frees the key of what ran, though it may not.
fn frees(state: &mut State, token: TokenNo) -> Checked<()> {
    if state.books.store.terms.mutant != Some(Mutant::ReleasesWhatRan) {
        return Ok(());
    }
    let held = state.books.release(token, Reason::Retry)?;
    check(9, held == Ownership::Lost, || {
        format!("{token} frees the key of what it ran")
    })
}
