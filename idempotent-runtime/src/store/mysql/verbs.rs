//! Binds each verb's statement and reads what it found.

use std::collections::HashSet;
use std::fmt::Write;
use std::time::Duration;

use super::{MySqlStore, Shared};
use crate::answer::Answer;
use crate::lease::{Fence, Lease, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Operated, Ownership, Release, Winner};
use crate::record::{RecordId, RecordView};
use crate::step::Step;
use crate::store::sql::{self, Columns, grace, micros, number, release_code};
use crate::store::{
    Capabilities, Claim, Listing, Page, Store, StoreError, StoreFuture, StoreStats,
};

/// The most records that one statement of a sweep deletes.
const SWEPT_AT_ONCE: u32 = 500;

impl Store for MySqlStore {
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
        StoreFuture::new(self.shared.extend(leases))
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
            let (id_bytes, token) = (id.as_bytes().as_slice(), token.as_bytes().as_slice());
            let life = micros(ttl.duration());
            let complete = shared.found("complete", || {
                sqlx::query(shared.statements.complete.clone())
                    .bind(&answer.as_bytes()[..])
                    .bind(life)
                    .bind(life + grace(ttl))
                    .bind(id_bytes)
                    .bind(token)
                    .bind(number(fence))
            });
            if complete.await? == 1 {
                shared.rooms.ended(id);
                return Ok(Completion::Stored);
            }
            let winner = shared.row("complete", || {
                sqlx::query(shared.statements.winner.clone())
                    .bind(token)
                    .bind(number(fence))
                    .bind(id_bytes)
            });
            match winner.await? {
                Some(row) => sql::completion(&row),
                None => Ok(Completion::Lost(Winner::None)),
            }
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
            let release = shared.found("release", || {
                sqlx::query(shared.statements.release.clone())
                    .bind(release_code(reason))
                    .bind(id.as_bytes().as_slice())
                    .bind(token.as_bytes().as_slice())
            });
            let held = release.await? == 1;
            shared.rooms.ended(id);
            Ok(sql::ownership(held))
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
            let recorded = shared.found("step", || {
                sqlx::query(shared.statements.step.clone())
                    .bind(&step.as_bytes()[..])
                    .bind(id.as_bytes().as_slice())
                    .bind(token.as_bytes().as_slice())
                    .bind(number(fence))
            });
            Ok(sql::ownership(recorded.await? == 1))
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
        StoreFuture::new(self.shared.rooms.wait(self, id, at_most))
    }

    fn sweep(&self, limit: u32) -> StoreFuture<'_, u64> {
        StoreFuture::new(async move {
            let mut swept = 0;
            let mut left = limit;
            while left > 0 {
                let batch = left.min(SWEPT_AT_ONCE);
                let (due, deleted) = self.shared.sweep(batch).await?;
                swept += deleted;
                left -= batch;
                if due < batch {
                    break;
                }
            }
            Ok(swept)
        })
    }

    fn expire<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        let shared = &*self.shared;
        StoreFuture::new(async move {
            let expire = shared.found("expire", || {
                sqlx::query(shared.statements.expire.clone())
                    .bind(id.as_bytes().as_slice())
                    .bind(number(fence))
            });
            let applied = expire.await? == 1;
            shared.rooms.ended(id);
            Ok(sql::operated(applied))
        })
    }

    fn forget<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        let shared = &*self.shared;
        StoreFuture::new(async move {
            // Done once: a second one would deny what the first one did.
            let forget = shared.found_once("forget", || {
                sqlx::query(shared.statements.forget.clone())
                    .bind(id.as_bytes().as_slice())
                    .bind(number(fence))
            });
            Ok(sql::operated(forget.await? == 1))
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
        crate::store::StoreKind::Mysql
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
    async fn extend(
        &self,
        leases: &[(RecordId, Token, Lease)],
    ) -> Result<Vec<Ownership>, StoreError> {
        let values: Vec<_> = leases
            .iter()
            .map(|(id, token, lease)| {
                let (id, token) = (hex(id.as_bytes()), hex(token.as_bytes()));
                format!("[\"{id}\",\"{token}\",{}]", micros(lease.duration()))
            })
            .collect();
        let values = format!("[{}]", values.join(","));
        let found = self
            .found("extend", || {
                sqlx::query(self.statements.extend.clone()).bind(&values)
            })
            .await?;
        if found == leases.len() as u64 {
            return Ok(vec![Ownership::Held; leases.len()]);
        }
        let rows = self
            .rows("extend", || {
                sqlx::query(self.statements.held.clone()).bind(&values)
            })
            .await?;
        let mut held = HashSet::new();
        for row in &rows {
            held.insert((row.bytes(0)?, row.bytes(1)?));
        }
        let owned = |(id, token, _): &(RecordId, Token, Lease)| {
            let (id, token) = (id.as_bytes().to_vec(), token.as_bytes().to_vec());
            sql::ownership(held.contains(&(Some(id), Some(token))))
        };
        Ok(leases.iter().map(owned).collect())
    }

    /// One batch: how many were due, and how many this process deleted.
    async fn sweep(&self, batch: u32) -> Result<(u32, u64), StoreError> {
        let rows = self
            .rows("sweep", || {
                sqlx::query(self.statements.due.clone()).bind(batch)
            })
            .await?;
        let due = u32::try_from(rows.len()).unwrap_or(batch);
        if due == 0 {
            return Ok((0, 0));
        }
        let mut ids = Vec::with_capacity(rows.len());
        for row in &rows {
            ids.push(format!("\"{}\"", hex(&row.bytes(0)?.unwrap_or_default())));
        }
        let ids = format!("[{}]", ids.join(","));
        let deleted = self
            .found("sweep", || {
                sqlx::query(self.statements.sweep.clone()).bind(&ids)
            })
            .await?;
        Ok((due, deleted))
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
