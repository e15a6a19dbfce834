//! A claim: a look, and an upsert where the look decides nothing.

use sqlx::mysql::MySqlRow;

use super::Shared;
use super::dialect::Dialect;
use crate::outcome::ClaimOutcome;
use crate::store::sql::{claim_outcome, grace, micros};
use crate::store::{Claim, StoreError};

/// How often a claim is decided anew when its record is deleted after its
/// upsert, which takes a sweep of a record that lived for a moment.
const TRIES: u32 = 5;

impl Shared {
    pub(super) async fn claim(&self, claim: &Claim<'_>) -> Result<ClaimOutcome, StoreError> {
        // Writes and locks nothing, and a replay ends here.
        if let Some(row) = self.look(claim).await? {
            return claim_outcome(&row);
        }
        for _ in 0..TRIES {
            let row = match self.dialect("claim").await? {
                Dialect::MariaDb => self.upsert(claim).await?,
                Dialect::MySql => self.upsert_and_see(claim).await?,
            };
            if let Some(row) = row {
                return claim_outcome(&row);
            }
        }
        let why = format!("the record was deleted after each of {TRIES} claims");
        Err(StoreError::unavailable("claim", why))
    }

    async fn look(&self, claim: &Claim<'_>) -> Result<Option<MySqlRow>, StoreError> {
        let fingerprint = claim.fingerprint.as_bytes().as_slice();
        self.row("claim", || {
            sqlx::query(self.statements.look.clone())
                .bind(claim.id.as_bytes().as_slice())
                .bind(claim.token.as_bytes().as_slice())
                .bind(fingerprint)
                .bind(fingerprint)
        })
        .await
    }

    async fn upsert(&self, claim: &Claim<'_>) -> Result<Option<MySqlRow>, StoreError> {
        self.row("claim", || {
            start(&self.statements.claim, claim).bind(claim.token.as_bytes().as_slice())
        })
        .await
    }

    async fn upsert_and_see(&self, claim: &Claim<'_>) -> Result<Option<MySqlRow>, StoreError> {
        self.found("claim", || start(&self.statements.start, claim))
            .await?;
        self.row("claim", || {
            sqlx::query(self.statements.seen.clone())
                .bind(claim.token.as_bytes().as_slice())
                .bind(claim.id.as_bytes().as_slice())
        })
        .await
    }
}

/// The upsert with its arguments.
fn start<'q>(statement: &sqlx::SqlStr, claim: &'q Claim<'_>) -> super::round_trip::Statement<'q> {
    let (lease, life) = (micros(claim.lease.duration()), micros(claim.lifetime()));
    sqlx::query(statement.clone())
        .bind(claim.id.as_bytes().as_slice())
        .bind(claim.token.as_bytes().as_slice())
        .bind(claim.fingerprint.as_bytes().as_slice())
        .bind(claim.operation)
        .bind(claim.owner)
        .bind(claim.trace.as_ref().map(<[u8; 25]>::as_slice))
        .bind(lease)
        .bind(lease)
        .bind(life)
        .bind(life + grace(claim.ttl))
}
