//! A check under way: keys, effects, and what was found so far.

use std::{
    hash::{BuildHasher as _, Hasher as _},
    time::Duration,
};

use serde_json::Value;

use super::{
    interleave::Boxed,
    verdict::{Checked, Failed},
};
use crate::{
    case::{Request, Response},
    profile::{Contract, Profile},
    random::Random,
};

pub(super) type Answered = Result<Response, String>;

/// What a check was asked for.
pub(super) struct Plan<'r> {
    pub call: Box<dyn Fn(Request) -> Boxed<'r, Answered> + 'r>,
    pub effects: &'r dyn Fn() -> usize,
    pub request: &'r Request,
    pub other: Option<&'r Value>,
    pub failing: Option<&'r Value>,
    pub orders: usize,
    pub patience: Duration,
    pub seed: u64,
}

pub(super) struct Run<'r> {
    pub plan: Plan<'r>,
    pub contract: Contract,
    /// Orders steps, by the seed.
    pub random: Random,
    quoted: bool,
    /// Makes keys, by chance: a second check of one service must not meet the first's.
    keys: Random,
    found: Vec<String>,
    proven: Vec<String>,
}

impl<'r> Run<'r> {
    pub(super) fn new(profile: Profile, plan: Plan<'r>) -> Self {
        let chance = std::hash::RandomState::new().build_hasher().finish();
        Self {
            contract: Contract::of(profile),
            random: Random::new(plan.seed),
            quoted: profile == Profile::Ietf,
            keys: Random::new(chance),
            found: Vec::new(),
            proven: Vec::new(),
            plan,
        }
    }

    /// The request with a fresh key.
    pub(super) fn fresh(&mut self) -> Request {
        let mut request = self.plan.request.clone();
        let key = self.keys.uuid();
        let key = if self.quoted {
            format!("\"{key}\"")
        } else {
            key
        };
        request.headers.set("idempotency-key", key);
        request
    }

    pub(super) async fn send(&self, request: &Request) -> Answered {
        (self.plan.call)(request.clone()).await
    }

    /// How often the work was done since `before`.
    pub(super) fn since(&self, before: usize) -> usize {
        (self.plan.effects)().saturating_sub(before)
    }

    pub(super) fn effects(&self) -> usize {
        (self.plan.effects)()
    }

    pub(super) fn violation(&mut self, sentence: impl Into<String>) {
        self.found.push(sentence.into());
    }

    pub(super) fn proof(&mut self, sentence: impl Into<String>) {
        self.proven.push(sentence.into());
    }

    /// What was found counts even where a later control failed.
    pub(super) fn verdict(self, ended: Result<(), String>) -> Result<Checked, Failed> {
        if self.found.is_empty() {
            return ended.map_err(Failed::Control).map(|()| Checked {
                proven: self.proven,
            });
        }
        Err(Failed::Violations {
            found: self.found,
            seed: self.plan.seed,
        })
    }
}

pub(super) fn good(answer: &Response) -> bool {
    (200..300).contains(&answer.status)
}
