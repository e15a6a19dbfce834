//! From a body's final answer to one commit of all: or to nothing, and a word
//! that is true. A commit whose acknowledgement is lost is asked about, never
//! guessed.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Within;
use super::listing::Learned;
use crate::answer::Answer;
use crate::engine::begin::mint;
use crate::engine::{Opened, Writes, failed};
use crate::error::{Error, RETRY_SOON};
use crate::outcome::{ClaimOutcome, Done, Ownership};
use crate::store::transaction::ClaimedWithin;
use crate::store::{StoreError, TransactionalStore};
use crate::transactional::Transactional;

/// What the caller of a finished body gets.
pub(crate) enum Ended {
    /// The body's own answer: it is committed.
    Own,
    /// Another attempt's, which committed first.
    Replaced(Done),
    /// Nothing was done, or nobody knows yet.
    Failed(Error),
}

/// The first pause before a lost commit is asked about again, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(500));

impl Within {
    /// Writes the answer beside the effect, and commits both.
    pub(crate) async fn commit<St: TransactionalStore>(
        self,
        transactional: &Transactional<St>,
        mut opened: Opened<St>,
        answer: Answer,
        writes: Writes,
    ) -> Ended {
        let engine = self.place.engine();
        match self.write(&mut opened, &answer, writes).await {
            Ok(Ownership::Held) => {}
            Ok(Ownership::Lost) => {
                opened.roll_back().await;
                let why = StoreError::Conflict { verb: "complete" };
                return self.ask_after(transactional, &answer, why).await;
            }
            Err(error) => {
                opened.roll_back().await;
                return self.nothing(error);
            }
        }
        match engine.bounded("commit", opened.commit()).await {
            Ok(()) => {
                self.records.committed(&self.call.id, self.call.notifies());
                self.done(answer);
                Ended::Own
            }
            Err(error @ StoreError::Unavailable { .. }) => {
                self.ask_after(transactional, &answer, error).await
            }
            Err(error) => self.nothing(error),
        }
    }

    /// Nothing is left of the attempt.
    pub(crate) async fn roll_back<St: TransactionalStore>(self, opened: Opened<St>) {
        opened.roll_back().await;
        self.place
            .engine()
            .telemetry
            .released(&self.call, crate::outcome::Release::Retry);
    }

    /// The error of a transaction that is gone.
    pub(crate) fn fails(&self, source: StoreError) -> Error {
        self.place
            .engine()
            .telemetry
            .rolled_back(&self.call, &source);
        failed(source)
    }

    async fn write<St: TransactionalStore>(
        &self,
        opened: &mut Opened<St>,
        answer: &Answer,
        writes: Writes,
    ) -> Result<Ownership, StoreError> {
        let engine = self.place.engine();
        if writes == Writes::Undo {
            engine.bounded("undo", opened.undo()).await?;
        }
        let claim = self.call.claim(&engine.settings, self.token);
        let session = &mut opened.transaction;
        let record = self
            .records
            .record_within(session, &claim, self.fence, answer);
        engine.within_timeout("complete", record).await
    }

    /// What the store says of the record after a commit without an
    /// acknowledgement, or after another attempt was first. While the old
    /// connection's transaction is still open its claim answers `Busy`, so that a
    /// `Claimed` proves that nothing of it will ever be committed.
    async fn ask_after<St: TransactionalStore>(
        &self,
        transactional: &Transactional<St>,
        answer: &Answer,
        why: StoreError,
    ) -> Ended {
        let engine = self.place.engine();
        let lost_commit = matches!(why, StoreError::Unavailable { .. });
        let until = Instant::now() + engine.settings.store_timeout;
        let mut pause = PAUSES.0;
        loop {
            let Ok(token) = mint() else { break };
            let asked = engine.claim_within(transactional, &self.call, token).await;
            if let Ok((opened, claimed)) = asked {
                opened.roll_back().await;
                match claimed {
                    ClaimedWithin::Outcome(ClaimOutcome::Done(done)) => {
                        if done.fingerprint != self.call.fingerprint {
                            return self.nothing(why);
                        }
                        if lost_commit && done.answer == *answer {
                            self.records.committed(&self.call.id, self.call.notifies());
                            self.done(done.answer);
                            return Ended::Own;
                        }
                        self.entry.learned(Learned::Done(done.clone()));
                        return Ended::Replaced(done);
                    }
                    ClaimedWithin::Outcome(ClaimOutcome::Claimed(_)) => return self.nothing(why),
                    // Another attempt is at it: this one's effect is gone.
                    ClaimedWithin::Outcome(ClaimOutcome::Running(_)) => {
                        return Ended::Failed(Error::InFlight {
                            retry_after: RETRY_SOON,
                        });
                    }
                    ClaimedWithin::Busy => {}
                }
            }
            if Instant::now() >= until {
                break;
            }
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
        if !lost_commit {
            return Ended::Failed(Error::InFlight {
                retry_after: RETRY_SOON,
            });
        }
        self.place.engine().telemetry.commit_unknown(&self.call);
        Ended::Failed(Error::CommitUnknown {
            retry_after: RETRY_SOON,
            source: why,
        })
    }

    fn nothing(&self, error: StoreError) -> Ended {
        Ended::Failed(self.fails(error))
    }

    /// Tells the duplicates of this process.
    fn done(&self, answer: Answer) {
        self.place.engine().telemetry.executed(&self.call, &answer);
        let (fingerprint, ttl) = (self.call.fingerprint, self.call.ttl.duration());
        let done = Done::new(answer, fingerprint, Duration::ZERO, ttl);
        self.entry.learned(Learned::Done(done));
    }
}
