//! The record against a model that is written another way: a list of all
//! attempts, of which the last one counts, and what became of each.

mod play;

use std::time::Duration;

use super::*;
use crate::step::Steps;

/// One attempt and what became of it.
#[derive(Debug, Clone)]
struct Attempt {
    token: u8,
    fingerprint: u8,
    fence: u64,
    found: Previous,
    fate: Fate,
    /// The numbers of those that it recorded itself.
    steps: Vec<u8>,
}

#[derive(Debug, Clone)]
enum Fate {
    RunsUntil(u64),
    GaveUp(Release),
    Finished(Answer),
}

#[derive(Debug, Default)]
struct Model {
    /// Since the record began; an expiry begins a new one.
    attempts: Vec<Attempt>,
    ends: u64,
}

impl Model {
    fn claim(
        &mut self,
        token: u8,
        fingerprint: u8,
        lease: u64,
        ttl: u64,
        now: u64,
    ) -> ClaimOutcome {
        let ends = now + lease.max(ttl) * 1000;
        let begin = |model: &mut Self, found: Previous| {
            let above = model.attempts.last().map_or(0, |last| last.fence + 1);
            if matches!(found, Previous::Expired { .. }) {
                model.attempts.clear();
            }
            let fence = now.max(above);
            // Sent again, it is not known how long ago the expiry was.
            let kept = match found {
                Previous::Expired {
                    same_fingerprint, ..
                } => Previous::Expired {
                    same_fingerprint,
                    ago: Duration::ZERO,
                },
                found => found,
            };
            let fate = Fate::RunsUntil(now + lease * 1000);
            model.attempts.push(Attempt {
                token,
                fingerprint,
                fence,
                found: kept,
                fate,
                steps: Vec::new(),
            });
            model.ends = ends;
            model.claimed(fence, found)
        };
        let Some(last) = self.attempts.last().cloned() else {
            return begin(self, Previous::None);
        };
        let same = last.fingerprint == fingerprint;
        if self.ends <= now {
            let ago = Duration::from_micros(now - self.ends);
            return begin(
                self,
                Previous::Expired {
                    same_fingerprint: same,
                    ago,
                },
            );
        }
        let age = Duration::from_micros(now.saturating_sub(last.fence));
        let running = |until: u64| {
            let remaining = Duration::from_micros(until.saturating_sub(now));
            ClaimOutcome::Running(Running::new(printed(last.fingerprint), age, remaining))
        };
        match last.fate {
            Fate::Finished(answer) => {
                let left = Duration::from_micros(self.ends - now);
                ClaimOutcome::Done(Done::new(answer, printed(last.fingerprint), age, left))
            }
            Fate::RunsUntil(_) if last.token == token => {
                self.renew(lease, now);
                self.claimed(last.fence, last.found)
            }
            Fate::RunsUntil(until) if until > now || !same => running(until),
            Fate::RunsUntil(_) => begin(self, Previous::TakenOver),
            Fate::GaveUp(Release::Interrupted) if !same => running(now),
            Fate::GaveUp(Release::Interrupted) => begin(self, Previous::Interrupted),
            Fate::GaveUp(Release::Retry) => begin(self, Previous::Released),
        }
    }

    /// A claim, with the steps of the latest attempts that were asked the same.
    fn claimed(&self, fence: u64, found: Previous) -> ClaimOutcome {
        let asked = self.attempts.last().map(|last| last.fingerprint);
        let same = |attempt: &&Attempt| Some(attempt.fingerprint) == asked;
        let mut latest: Vec<_> = self.attempts.iter().rev().take_while(same).collect();
        latest.reverse();
        let steps = latest.iter().flat_map(|attempt| &attempt.steps);
        let bytes = steps.flat_map(|number| numbered(*number).as_bytes().to_vec());
        let steps = Steps::from_bytes(bytes.collect::<Vec<u8>>());
        ClaimOutcome::Claimed(Claimed::new(Fence::new(fence), found).with_steps(steps))
    }

    fn step(&mut self, token: u8, fence: u64, number: u8) -> Ownership {
        let runs = self.runs(token);
        match self.attempts.last_mut() {
            Some(last) if runs && last.fence == fence => {
                last.steps.push(number);
                Ownership::Held
            }
            _ => Ownership::Lost,
        }
    }

    fn renew(&mut self, lease: u64, now: u64) {
        let until = now + lease * 1000;
        self.ends = self.ends.max(until);
        if let Some(last) = self.attempts.last_mut() {
            last.fate = Fate::RunsUntil(until);
        }
    }

    /// Whether the present attempt has this token, and runs.
    fn runs(&self, token: u8) -> bool {
        let last = self.attempts.last();
        last.is_some_and(|last| last.token == token && matches!(last.fate, Fate::RunsUntil(_)))
    }

    fn complete(
        &mut self,
        token: u8,
        fence: u64,
        answer: &Answer,
        ttl: u64,
        now: u64,
    ) -> Completion {
        let ended = self.ends <= now;
        let runs = self.runs(token);
        let Some(last) = self.attempts.last_mut() else {
            return Completion::Lost(Winner::None);
        };
        let own = last.token == token && last.fence == fence;
        if own && runs {
            last.fate = Fate::Finished(answer.clone());
            self.ends = now + ttl * 1000;
        }
        match last.fate {
            Fate::Finished(_) if own => Completion::Stored,
            Fate::Finished(_) if !ended => Completion::Lost(Winner::Done),
            Fate::RunsUntil(until) if until > now && !ended => Completion::Lost(Winner::Running),
            _ => Completion::Lost(Winner::None),
        }
    }

    fn release(&mut self, token: u8, reason: Release) -> Ownership {
        let runs = self.runs(token);
        let Some(last) = self.attempts.last_mut().filter(|last| last.token == token) else {
            return Ownership::Lost;
        };
        if runs {
            last.fate = Fate::GaveUp(reason);
        }
        match last.fate {
            Fate::GaveUp(_) => Ownership::Held,
            _ => Ownership::Lost,
        }
    }

    fn expire(&mut self, fence: u64, now: u64) -> Operated {
        match self.attempts.last_mut() {
            Some(Attempt {
                fence: present,
                fate: Fate::RunsUntil(until),
                ..
            }) if *present == fence => {
                *until = now.min(*until);
                Operated::Applied
            }
            _ => Operated::Refused,
        }
    }

    fn state(&self, now: u64) -> Option<(State, u32)> {
        let last = self.attempts.last().filter(|_| self.ends > now)?;
        let state = match &last.fate {
            Fate::RunsUntil(until) if *until > now => State::Running {
                remaining: Duration::from_micros(until - now),
            },
            Fate::RunsUntil(_) => State::Stuck,
            Fate::GaveUp(reason) => State::Free(*reason),
            Fate::Finished(_) => State::Done,
        };
        Some((state, u32::try_from(self.attempts.len()).unwrap()))
    }
}

/// The step with this number.
fn numbered(number: u8) -> Step {
    Step::new("step", Answer::from_bytes(vec![2, number]))
}

fn printed(fingerprint: u8) -> Fingerprint {
    Fingerprint::from_bytes([fingerprint; Fingerprint::BYTES])
}
