//! Binds each verb's statement and reads its row: one round trip.

use std::collections::HashSet;
use std::time::Duration;

use sqlx::Row;
use sqlx::postgres::PgRow;

use super::{PostgresStore, Shared};
use crate::answer::Answer;
use crate::lease::{Fence, Lease, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Operated, Ownership, Release, Winner};
use crate::record::{RecordId, RecordView};
use crate::step::Step;
use crate::store::sql::{self, Columns, grace, micros, number, operated, ownership, release_code};
use crate::store::{
    Capabilities, Claim, Listing, Page, Store, StoreError, StoreFuture, StoreStats,
};

/// The most records that one statement of a sweep deletes.
const SWEPT_AT_ONCE: u32 = 1_000;

impl Store for PostgresStore {
    fn claim<'a>(&'a self, claim: &'a Claim<'a>) -> StoreFuture<'a, ClaimOutcome> {
        StoreFuture::new(self.shared.claim(claim))
    }

    fn extend<'a>(
        &'a self,
        leases: &'a [(RecordId, Token, Lease)],
    ) -> StoreFuture<'a, Vec<Ownership>> {
        if leases.is_empty() {
            return StoreFuture::ready(Ok(Vec::new()));
        }
        let shared = &*self.shared;
        StoreFuture::new(async move {
            let rows = shared.rows("extend", || {
                let ids: Vec<&[u8]> = leases.iter().map(|(id, ..)| &id.as_bytes()[..]).collect();
                let tokens: Vec<&[u8]> = leases.iter().map(|(_, t, _)| &t.as_bytes()[..]).collect();
                let durations = leases.iter().map(|(.., lease)| micros(lease.duration()));
                sqlx::query(shared.statements.extend.clone())
                    .bind(ids)
                    .bind(tokens)
                    .bind(durations.collect::<Vec<_>>())
            });
            let held: HashSet<_> = rows
                .await?
                .iter()
                .map(|row| Ok((row.bytes(0)?, row.bytes(1)?)))
                .collect::<Result<_, StoreError>>()?;
            let owned = |(id, token, _): &(RecordId, Token, Lease)| {
                let mine = (
                    Some(id.as_bytes().to_vec()),
                    Some(token.as_bytes().to_vec()),
                );
                ownership(held.contains(&mine))
            };
            Ok(leases.iter().map(owned).collect())
        })
    }

    fn complete<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        answer: &'a Answer,
        ttl: Ttl,
    ) -> StoreFuture<'a, Completion> {
        let shared = &*self.shared;
        StoreFuture::new(async move {
            let row = shared.row("complete", || {
                sqlx::query(shared.statements.complete.clone())
                    .bind(id.as_bytes().as_slice())
                    .bind(token.as_bytes().as_slice())
                    .bind(number(fence))
                    .bind(&answer.as_bytes()[..])
                    .bind(micros(ttl.duration()))
                    .bind(grace(ttl))
            });
            let Some(row) = row.await? else {
                return Ok(Completion::Lost(Winner::None));
            };
            let completion = sql::completion(&row)?;
            if completion == Completion::Stored {
                shared.ended(id, notify(&row, 1)?);
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
        let shared = &*self.shared;
        StoreFuture::new(async move {
            let row = shared.row("release", || {
                sqlx::query(shared.statements.release.clone())
                    .bind(id.as_bytes().as_slice())
                    .bind(token.as_bytes().as_slice())
                    .bind(release_code(reason))
            });
            let row = row.await?;
            if let Some(row) = &row {
                shared.ended(id, notify(row, 0)?);
            }
            Ok(ownership(row.is_some()))
        })
    }

    fn step<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        step: &'a Step,
    ) -> StoreFuture<'a, Ownership> {
        let shared = &*self.shared;
        StoreFuture::new(async move {
            let row = shared.row("step", || {
                sqlx::query(shared.statements.step.clone())
                    .bind(id.as_bytes().as_slice())
                    .bind(token.as_bytes().as_slice())
                    .bind(number(fence))
                    .bind(&step.as_bytes()[..])
            });
            Ok(ownership(row.await?.is_some()))
        })
    }

    fn inspect<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<RecordView>> {
        let shared = &*self.shared;
        StoreFuture::new(async move {
            let row = shared.row("inspect", || {
                sqlx::query(shared.statements.inspect.clone()).bind(id.as_bytes().as_slice())
            });
            row.await?.map(|row| sql::view(*id, &row)).transpose()
        })
    }

    fn wait<'a>(&'a self, id: &'a RecordId, at_most: Duration) -> StoreFuture<'a, ()> {
        StoreFuture::new(async move {
            self.shared.wait(id, at_most).await;
            Ok(())
        })
    }

    fn sweep(&self, limit: u32) -> StoreFuture<'_, u64> {
        let shared = &*self.shared;
        StoreFuture::new(async move {
            let mut swept = 0;
            while swept < limit {
                let batch = (limit - swept).min(SWEPT_AT_ONCE);
                let row = shared.row("sweep", || {
                    sqlx::query(shared.statements.sweep.clone()).bind(i64::from(batch))
                });
                let deleted = u32::try_from(one(row.await?)?.integer(0)?).unwrap_or(batch);
                swept += deleted;
                if deleted < batch {
                    break;
                }
            }
            Ok(u64::from(swept))
        })
    }

    fn expire<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        let shared = &*self.shared;
        StoreFuture::new(async move {
            let row = shared.row("expire", || {
                sqlx::query(shared.statements.expire.clone())
                    .bind(id.as_bytes().as_slice())
                    .bind(number(fence))
            });
            let row = row.await?;
            if let Some(row) = &row {
                shared.ended(id, notify(row, 0)?);
            }
            Ok(operated(row.is_some()))
        })
    }

    fn forget<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        let shared = &*self.shared;
        StoreFuture::new(async move {
            // Sent once: a second one would deny what the first one did.
            let statement = sqlx::query(shared.statements.forget.clone())
                .bind(id.as_bytes().as_slice())
                .bind(number(fence));
            let row = shared.row_once("forget", statement).await?;
            Ok(operated(row.is_some()))
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
        crate::store::StoreKind::Postgres
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

impl Shared {
    /// An attempt ended: its waiters here need not ask, and those of other
    /// processes are told where the claim said so.
    pub(super) fn ended(&self, id: &RecordId, notify: bool) {
        self.waiting.ended(id);
        if notify {
            self.courier.send(id, &self.pool, &self.statements.notify);
        }
    }
}

pub(super) fn one(row: Option<PgRow>) -> Result<PgRow, StoreError> {
    row.ok_or_else(|| StoreError::Corrupt {
        what: "a statement that always returns a row returned none".to_owned(),
    })
}

fn notify(row: &PgRow, column: usize) -> Result<bool, StoreError> {
    row.try_get(column).map_err(|_| StoreError::Corrupt {
        what: "the column `notify` is no boolean".to_owned(),
    })
}
