//! The fenced commit: the claim was committed before, and effect and answer are
//! one transaction that is committed only while the claim holds (invariants 2
//! and 10). A paused attempt's effect is rolled back.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::finish::Finished;
use super::opened::{Pending, Writes};
use super::run::Run;
use crate::answer::Answer;
use crate::attempt::Late;
use crate::error::{Error, RETRY_SOON};
use crate::outcome::{ClaimOutcome, Completion, Release};
use crate::store::StoreError;

/// The first pause before a lost commit is asked about again, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(500));

impl Run {
    /// Ends the attempt with a final answer: in the transaction that its body
    /// began, if it began one.
    pub(crate) async fn conclude(self, answer: Answer, writes: Writes) -> Finished {
        match self.attempt().take_late() {
            Late::Back(pending) if writes == Writes::Keep => self.commit(pending, answer).await,
            Late::Back(pending) => {
                // What is not committed is gone, whatever the answer.
                let _ = pending.roll_back().await;
                self.complete(answer).await
            }
            Late::Lent => {
                let why = "the transaction of `attempt.begin` outlived the body; drop it there";
                let error = StoreError::RolledBack {
                    verb: "complete",
                    why: why.to_owned(),
                };
                self.undone(error).await
            }
            Late::None | Late::Over => self.complete(answer).await,
        }
    }

    /// Completes the record inside the transaction, and commits both.
    pub(crate) async fn commit(
        mut self,
        mut pending: Box<dyn Pending>,
        answer: Answer,
    ) -> Finished {
        self.attempt().end();
        // It would wait for the row that this transaction is about to write, and
        // other attempts' renewals with it.
        self.rest();
        let records = pending.records();
        let completion = self.try_complete_within(&mut *pending, &answer).await;
        match completion {
            Ok(Completion::Stored) => {}
            Ok(Completion::Lost(winner)) => {
                self.engine()
                    .telemetry
                    .stale(&self.call, self.attempt(), winner);
                let _ = pending.roll_back().await;
                return self.superseded().await;
            }
            Err(error) => {
                let _ = pending.roll_back().await;
                return self.undone(error).await;
            }
        }
        let engine = self.engine();
        match engine.bounded("commit", pending.commit()).await {
            Ok(()) => {
                engine.telemetry.executed(&self.call, &answer);
                records.committed(&self.call.id, self.call.notifies());
                self.finish();
                Finished::Own
            }
            Err(error @ StoreError::Unavailable { .. }) => self.ask(answer, error).await,
            Err(error) => self.undone(error).await,
        }
    }

    /// Nothing was done, and the record is free for the next try.
    pub(crate) async fn undone(self, source: StoreError) -> Finished {
        self.engine().telemetry.rolled_back(&self.call, &source);
        self.release(Release::Retry).await;
        Finished::Failed(Error::TransactionFailed {
            retry_after: RETRY_SOON,
            source,
        })
    }

    /// The record was lost, and the effect is rolled back: the winner's answer, or
    /// another try where there is no winner.
    async fn superseded(mut self) -> Finished {
        let until = Instant::now() + self.call.lease.duration();
        let mut superseded = false;
        match self.reclaim(until, &mut superseded).await {
            Ok(Some(Finished::Replaced(done))) => {
                self.finish();
                Finished::Replaced(done)
            }
            // Nobody has it: it is held again, for nothing.
            Ok(None) => {
                let verb = "complete";
                self.undone(StoreError::Conflict { verb }).await
            }
            // The key may serve another request by now: this one has no effect.
            Ok(Some(_)) | Err(_) => {
                self.finish();
                Finished::Superseded
            }
        }
    }

    /// Whether the commit happened: the same token's claim tells (invariant 5),
    /// and waits while the old connection's transaction still has the row.
    async fn ask(self, answer: Answer, why: StoreError) -> Finished {
        let engine = self.engine();
        let until = Instant::now() + engine.settings.store_timeout;
        let mut pause = PAUSES.0;
        loop {
            let claim = self.call.claim(&engine.settings, self.token());
            match engine.claim(&claim).await {
                Ok(ClaimOutcome::Claimed(_)) => return self.undone(why).await,
                Ok(ClaimOutcome::Done(done)) if done.fingerprint == self.call.fingerprint => {
                    let own = done.answer == answer;
                    self.finish();
                    return if own {
                        Finished::Own
                    } else {
                        Finished::Replaced(done)
                    };
                }
                Ok(_) => {
                    self.finish();
                    return Finished::Superseded;
                }
                Err(_) if Instant::now() < until => {}
                Err(_) => {
                    engine.telemetry.commit_unknown(&self.call);
                    self.finish();
                    return Finished::Failed(Error::CommitUnknown {
                        retry_after: RETRY_SOON,
                        source: why,
                    });
                }
            }
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }
}
