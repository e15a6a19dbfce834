//! The store's verbs. What only reads is read at once, on any connection; what
//! writes goes through the writer.

use std::time::Duration;

use tokio::time::sleep;

use super::attempts::{Completing, Extending, Releasing};
use super::claiming::{Claiming, look};
use super::failure::failure;
use super::operator::{Expiring, Forgetting, Sweeping};
use super::steps::Stepping;
use super::{Shared, SqliteStore};
use crate::answer::Answer;
use crate::lease::{Fence, Lease, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Operated, Ownership, Release};
use crate::record::{RecordId, RecordView};
use crate::step::Step;
use crate::store::sql::{self, claim_outcome, grace, micros};
use crate::store::{
    Capabilities, Claim, Listing, Page, Store, StoreError, StoreFuture, StoreStats,
};

/// The most records that one commit of a sweep deletes: claims wait for it.
const SWEPT_AT_ONCE: u32 = 250;
/// SQLite's clock ticks once a millisecond.
const TICK: Duration = Duration::from_millis(1);
/// How many ticks a `forget` waits for the clock to pass the record's fence.
const TICKS: u32 = 100;

impl Shared {
    /// What the record says to a claim, where that needs no write: no lock is
    /// taken, and a replay ends here.
    pub(super) async fn look(&self, claim: &Claim<'_>) -> Result<Option<ClaimOutcome>, StoreError> {
        let row = look(
            &self.statements,
            &claim.id,
            &claim.token,
            &claim.fingerprint,
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(|error| failure("claim", &self.table, &error))?;
        let outcome = row.map(|row| claim_outcome(&row)).transpose()?;
        // Its own attempt's, sent again, has its lease renewed.
        Ok(outcome.filter(|outcome| !matches!(outcome, ClaimOutcome::Claimed(_))))
    }
}

impl Store for SqliteStore {
    fn claim<'a>(&'a self, claim: &'a Claim<'a>) -> StoreFuture<'a, ClaimOutcome> {
        let shared = &self.shared;
        StoreFuture::new(async move {
            match shared.look(claim).await? {
                Some(decided) => Ok(decided),
                None => shared.write(Claiming::new(claim)).await,
            }
        })
    }

    fn extend<'a>(
        &'a self,
        leases: &'a [(RecordId, Token, Lease)],
    ) -> StoreFuture<'a, Vec<Ownership>> {
        if leases.is_empty() {
            return StoreFuture::ready(Ok(Vec::new()));
        }
        let leases = leases.to_vec();
        StoreFuture::new(self.shared.write(Extending { leases }))
    }

    fn complete<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        answer: &'a Answer,
        ttl: Ttl,
    ) -> StoreFuture<'a, Completion> {
        let completing = Completing {
            id: *id,
            token: *token,
            fence,
            answer: answer.as_bytes().clone(),
            ttl: micros(ttl.duration()),
            grace: grace(ttl),
        };
        StoreFuture::new(async move {
            let completion = self.shared.write(completing).await?;
            if completion == Completion::Stored {
                self.shared.rooms.ended(id);
            }
            Ok(completion)
        })
    }

    fn release<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        reason: Release,
    ) -> StoreFuture<'a, Ownership> {
        let releasing = Releasing {
            id: *id,
            token: *token,
            reason,
        };
        StoreFuture::new(async move {
            let ownership = self.shared.write(releasing).await?;
            self.shared.rooms.ended(id);
            Ok(ownership)
        })
    }

    fn step<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        step: &'a Step,
    ) -> StoreFuture<'a, Ownership> {
        StoreFuture::new(self.shared.write(Stepping {
            id: *id,
            token: *token,
            fence,
            step: step.as_bytes().clone(),
        }))
    }

    fn inspect<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<RecordView>> {
        let shared = &*self.shared;
        StoreFuture::new(async move {
            let row = sqlx::query(shared.statements.inspect.clone())
                .bind(id.as_bytes().as_slice())
                .fetch_optional(&shared.pool)
                .await
                .map_err(|error| failure("inspect", &shared.table, &error))?;
            row.map(|row| sql::view(*id, &row)).transpose()
        })
    }

    fn wait<'a>(&'a self, id: &'a RecordId, at_most: Duration) -> StoreFuture<'a, ()> {
        StoreFuture::new(self.shared.rooms.wait(self, id, at_most))
    }

    fn sweep(&self, limit: u32) -> StoreFuture<'_, u64> {
        StoreFuture::new(async move {
            let mut swept = 0;
            while swept < limit {
                let batch = (limit - swept).min(SWEPT_AT_ONCE);
                let deleted = self.shared.write(Sweeping { batch }).await?;
                swept += u32::try_from(deleted).unwrap_or(batch);
                if deleted < u64::from(batch) {
                    break;
                }
            }
            Ok(u64::from(swept))
        })
    }

    fn expire<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        StoreFuture::new(async move {
            let operated = self.shared.write(Expiring { id: *id, fence }).await?;
            self.shared.rooms.ended(id);
            Ok(operated)
        })
    }

    fn forget<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        StoreFuture::new(async move {
            for _ in 0..TICKS {
                let forgotten = self.shared.write(Forgetting { id: *id, fence }).await?;
                if let Some(operated) = forgotten {
                    return Ok(operated);
                }
                sleep(TICK).await;
            }
            let why = "the host's clock was set back to before the record's claim; forget it \
                       when the clock has passed that again";
            Err(StoreError::unavailable("forget", why))
        })
    }

    fn answer<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<Answer>> {
        StoreFuture::new(self.shared.answer(id))
    }

    fn list<'a>(&'a self, listing: &'a Listing) -> StoreFuture<'a, Page> {
        StoreFuture::new(sql::page(listing, |part| self.shared.part(part)))
    }

    fn stats(&self) -> StoreFuture<'_, StoreStats> {
        StoreFuture::new(self.shared.stats())
    }

    fn kind(&self) -> crate::store::StoreKind {
        crate::store::StoreKind::Sqlite
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            sweep: true,
            operator: true,
            quota: false,
            grace: true,
            steps: true,
            lists: true,
        }
    }
}
