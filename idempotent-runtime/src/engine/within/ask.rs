//! Asking the database: in a transaction in which the body may run at once.

use std::sync::Arc;
use std::time::Duration;

use super::Within;
use super::begin::{Step, reused};
use super::listing::{Entry, Learned};
use crate::engine::begin::mint;
use crate::engine::flight::Place;
use crate::engine::{Call, Engine, Opened};
use crate::error::Error;
use crate::lease::Token;
use crate::outcome::{ClaimOutcome, Done, Running};
use crate::store::transaction::{ClaimedWithin, Whose};
use crate::store::{StoreError, TransactionalStore};
use crate::transactional::Transactional;

impl Engine {
    /// What the database says of the record; a claim comes with its transaction.
    pub(super) async fn ask<St: TransactionalStore>(
        self: &Arc<Self>,
        transactional: &Transactional<St>,
        call: &Call,
        entry: Entry,
    ) -> Result<Step<St>, Error> {
        let place = Place::take(self)?;
        let token = mint()?;
        let unavailable = |_: &StoreError| entry.learned(Learned::Unavailable);
        let claim = call.claim(&self.settings, token);
        let looked = self.within_timeout("claim", transactional.records.look(&claim));
        match looked.await.inspect_err(unavailable)? {
            Some(ClaimOutcome::Done(done)) => return done_already(call, &entry, done),
            Some(ClaimOutcome::Running(running)) => return runs_elsewhere(call, &entry, running),
            Some(ClaimOutcome::Claimed(_)) | None => {}
        }
        let asked = self.claim_within(transactional, call, token).await;
        let (opened, claimed) = asked.inspect_err(unavailable)?;
        let ClaimedWithin::Outcome(outcome) = claimed else {
            opened.roll_back().await;
            // Nobody sees for how long it has run.
            let running = Running::new(call.fingerprint, Duration::ZERO, call.lease.duration());
            entry.learned(Learned::Elsewhere(running));
            return Ok(Step::Busy(running, None));
        };
        match outcome {
            ClaimOutcome::Claimed(claimed) => {
                let fence = claimed.fence;
                let secret = self.settings.secret.clone();
                // The transaction is its record of what was done.
                call.attempt.start(call.id, claimed, secret, None);
                self.telemetry.claimed(call, &call.attempt);
                entry.runs(call);
                let within = Within {
                    call: call.clone(),
                    place,
                    token,
                    fence,
                    entry,
                    records: Arc::clone(&transactional.records),
                };
                Ok(Step::Claimed(within, opened))
            }
            ClaimOutcome::Done(done) => {
                opened.roll_back().await;
                done_already(call, &entry, done)
            }
            ClaimOutcome::Running(running) => {
                opened.roll_back().await;
                runs_elsewhere(call, &entry, running)
            }
        }
    }

    /// A new transaction, and what the claim in it said.
    pub(super) async fn claim_within<St: TransactionalStore>(
        self: &Arc<Self>,
        transactional: &Transactional<St>,
        call: &Call,
        token: Token,
    ) -> Result<(Opened<St>, ClaimedWithin), StoreError> {
        let open = Opened::open(transactional);
        let mut opened = self.bounded("begin", open).await?;
        let claim = call.claim(&self.settings, token);
        let asked =
            transactional
                .records
                .claim_within(&mut opened.transaction, &claim, Whose::Ours);
        match self.within_timeout("claim", asked).await {
            Ok(claimed) => Ok((opened, claimed)),
            Err(error) => {
                opened.roll_back().await;
                Err(error)
            }
        }
    }
}

fn done_already<St: TransactionalStore>(
    call: &Call,
    entry: &Entry,
    done: Done,
) -> Result<Step<St>, Error> {
    entry.learned(Learned::Done(done.clone()));
    if done.fingerprint == call.fingerprint {
        Ok(Step::Done(done))
    } else {
        Err(reused(call))
    }
}

fn runs_elsewhere<St: TransactionalStore>(
    call: &Call,
    entry: &Entry,
    running: Running,
) -> Result<Step<St>, Error> {
    if running.fingerprint != call.fingerprint {
        return Err(reused(call));
    }
    entry.learned(Learned::Elsewhere(running));
    Ok(Step::Busy(running, None))
}
