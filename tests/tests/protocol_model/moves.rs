//! What may happen next: each process does as the engine does, or crashes;
//! messages arrive; time passes.

mod ending;

use idempotent_runtime::outcome::{ClaimOutcome, Previous};

use crate::state::{End, Message, Process, Reason, State, Step, Terms, author};
use crate::verdict::Checked;

/// What happened, for the history.
pub(crate) type Label = (Option<u8>, &'static str);

/// All moves from here, with where they lead.
pub(crate) fn moves(from: &State, terms: &Terms) -> Vec<(Label, Checked<State>)> {
    let mut moves = Moves {
        from,
        terms,
        found: Vec::new(),
    };
    if from.ticks > 0 {
        moves.add(None, "a tick passes", |state| {
            state.ticks -= 1;
            state.books.tick()
        });
    }
    for place in 0..from.late.len() {
        moves.add(None, "a late message arrives", |state| {
            let message = state.late.swap_remove(place);
            arrive(state, message)
        });
    }
    for process in from.processes {
        // The processes are alike: they begin in the order of their numbers.
        let turn =
            process.number == 0 || from.processes[usize::from(process.number) - 1].is_started();
        if turn {
            moves.of(process);
        }
    }
    moves.found
}

fn arrive(state: &mut State, message: Message) -> Checked<()> {
    match message {
        Message::Claim { token } => state.books.claim(token).map(drop),
        Message::Complete { token, fence } => state.books.complete(token, fence).map(drop),
        Message::Release { token, reason } => state.books.release(token, reason).map(drop),
    }
}

struct Moves<'a> {
    from: &'a State,
    terms: &'a Terms,
    found: Vec<(Label, Checked<State>)>,
}

impl Moves<'_> {
    fn add(
        &mut self,
        by: Option<u8>,
        what: &'static str,
        change: impl FnOnce(&mut State) -> Checked<()>,
    ) {
        let mut state = self.from.clone();
        let changed = change(&mut state);
        self.found.push(((by, what), changed.map(|()| state)));
    }

    /// A move of a process to the step that `change` gives.
    fn step(
        &mut self,
        process: Process,
        what: &'static str,
        change: impl FnOnce(&mut State) -> Checked<Step>,
    ) {
        self.add(Some(process.number), what, |state| {
            let step = change(state)?;
            state.processes[usize::from(process.number)].step = step;
            Ok(())
        });
    }

    /// A move that costs one of the history's faults.
    fn fault(
        &mut self,
        process: Process,
        what: &'static str,
        change: impl FnOnce(&mut State) -> Checked<Step>,
    ) {
        if self.from.faults > 0 {
            self.step(process, what, |state| {
                state.faults -= 1;
                change(state)
            });
        }
    }

    fn of(&mut self, process: Process) {
        let token = process.token();
        match process.step {
            Step::Idle | Step::Claiming => {
                let next = if process.is_started() {
                    Step::Doubting
                } else {
                    Step::Claiming
                };
                self.step(process, "claims", |state| {
                    Ok(match state.books.claim(token)? {
                        ClaimOutcome::Claimed(claimed) => Step::Running {
                            fence: claimed.fence.get(),
                        },
                        ClaimOutcome::Done(done) => {
                            Step::Ended(End::Answered(author(&done.answer)))
                        }
                        _ => Step::Ended(End::Refused),
                    })
                });
                self.fault(process, "claims, unacknowledged", |state| {
                    state.books.claim(token).map(|_| next)
                });
                self.fault(process, "claims, late", |state| {
                    state.late.push(Message::Claim { token });
                    Ok(next)
                });
            }
            Step::Doubting => {
                self.step(process, "asks what it claimed", |state| {
                    Ok(match state.books.claim(token)? {
                        ClaimOutcome::Claimed(claimed) => Step::GivingBack {
                            reason: found(claimed.previous),
                        },
                        _ => Step::Ended(End::Refused),
                    })
                });
                self.step(process, "leaves it to the lease", |_| {
                    Ok(Step::Ended(End::Refused))
                });
            }
            Step::Running { fence } => {
                self.extend(process);
                self.step(process, "ends its body", |_| Ok(Step::Completing { fence }));
                self.step(process, "fails", |_| {
                    Ok(Step::GivingBack {
                        reason: Reason::Retry,
                    })
                });
                self.step(process, "panics", |_| {
                    Ok(Step::GivingBack {
                        reason: Reason::Interrupted,
                    })
                });
                self.crash(process);
            }
            Step::GivingBack { reason } => {
                self.step(process, "releases", |state| {
                    state.books.release(token, reason)?;
                    Ok(Step::Ended(End::Refused))
                });
                self.fault(process, "releases, late", |state| {
                    state.late.push(Message::Release { token, reason });
                    Ok(Step::Ended(End::Refused))
                });
                self.crash(process);
            }
            Step::Completing { fence } => self.complete(process, fence),
            Step::Reclaiming => self.reclaim(process),
            Step::Ended(_) => {}
        }
    }

    fn extend(&mut self, process: Process) {
        if self.from.books.may_renew(process.token()) {
            self.step(process, "extends", |state| {
                state.books.extend(process.token()).map(|_| process.step)
            });
        }
    }

    fn crash(&mut self, process: Process) {
        self.step(process, "crashes", |_| Ok(Step::Ended(End::Crashed)));
    }
}

/// The reason to release for, where nothing ran.
fn found(previous: Previous) -> Reason {
    match previous {
        Previous::TakenOver | Previous::Interrupted => Reason::Interrupted,
        _ => Reason::Retry,
    }
}
