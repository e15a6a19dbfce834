//! Sealed answers inside transactions.

use super::Encrypted;
use crate::answer::Answer;
use crate::lease::{Fence, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Ownership};
use crate::record::RecordId;
use crate::store::transaction::{ClaimedWithin, Whose};
use crate::store::{Claim, Records, Session, StoreError, StoreFuture};

impl<S: Records + ?Sized> Encrypted<S> {
    fn outcome(&self, id: &RecordId, outcome: &mut ClaimOutcome) -> Result<(), StoreError> {
        if let ClaimOutcome::Done(done) = outcome {
            done.answer = self.opened(id, &done.answer)?;
        }
        Ok(())
    }
}

impl<S: Records + ?Sized> Records for Encrypted<S> {
    fn look<'a>(&'a self, claim: &'a Claim<'a>) -> StoreFuture<'a, Option<ClaimOutcome>> {
        StoreFuture::new(async move {
            let mut outcome = self.store.look(claim).await?;
            if let Some(outcome) = &mut outcome {
                self.outcome(&claim.id, outcome)?;
            }
            Ok(outcome)
        })
    }

    fn claim_within<'a>(
        &'a self,
        session: &'a mut dyn Session,
        claim: &'a Claim<'a>,
        whose: Whose,
    ) -> StoreFuture<'a, ClaimedWithin> {
        StoreFuture::new(async move {
            let mut claimed = self.store.claim_within(session, claim, whose).await?;
            if let ClaimedWithin::Outcome(outcome) = &mut claimed {
                self.outcome(&claim.id, outcome)?;
            }
            Ok(claimed)
        })
    }

    fn record_within<'a>(
        &'a self,
        session: &'a mut dyn Session,
        claim: &'a Claim<'a>,
        fence: Fence,
        answer: &'a Answer,
    ) -> StoreFuture<'a, Ownership> {
        StoreFuture::new(async move {
            let sealed = self.sealed(&claim.id, answer)?;
            let record = self.store.record_within(session, claim, fence, &sealed);
            record.await
        })
    }

    fn complete_within<'a>(
        &'a self,
        session: &'a mut dyn Session,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        answer: &'a Answer,
        ttl: Ttl,
    ) -> StoreFuture<'a, Completion> {
        StoreFuture::new(async move {
            let sealed = self.sealed(id, answer)?;
            let complete = self
                .store
                .complete_within(session, id, token, fence, &sealed, ttl);
            complete.await
        })
    }

    fn committed(&self, id: &RecordId, notify: bool) {
        self.store.committed(id, notify);
    }
}
