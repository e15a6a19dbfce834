//! The claim: one statement, and more of them only where another claim came
//! between its read and its write, or its acknowledgement was lost.

use sqlx::postgres::PgRow;

use super::{Notifications, Shared};
use crate::outcome::ClaimOutcome;
use crate::store::sql::{Columns, claim_outcome, grace, micros};
use crate::store::{Claim, StoreError};

/// What claim.sql says of a record that is this claim's already.
const ALREADY: i64 = 4;
/// How often others may come between: each time, one of them got on.
const ROUNDS: usize = 100;

impl Shared {
    pub(super) async fn claim(&self, claim: &Claim<'_>) -> Result<ClaimOutcome, StoreError> {
        for _ in 0..ROUNDS {
            let mut row = self.try_claim(claim).await?;
            if let Some(found) = &row
                && found.integer(0)? == ALREADY
            {
                row = self.renew(claim).await?;
            }
            if let Some(row) = row {
                return claim_outcome(&row);
            }
        }
        let why = format!("{ROUNDS} claims of the same record came between");
        Err(StoreError::unavailable("claim", why))
    }

    async fn try_claim(&self, claim: &Claim<'_>) -> Result<Option<PgRow>, StoreError> {
        let notify = claim.notify && self.notifications == Notifications::On;
        let row = self.row("claim", || {
            sqlx::query(self.statements.claim.clone())
                .bind(claim.id.as_bytes().as_slice())
                .bind(claim.fingerprint.as_bytes().as_slice())
                .bind(claim.token.as_bytes().as_slice())
                .bind(micros(claim.lease.duration()))
                .bind(micros(claim.lifetime()))
                .bind(grace(claim.ttl))
                .bind(claim.operation)
                .bind(claim.owner)
                .bind(claim.trace.as_ref().map(<[u8; 25]>::as_slice))
                .bind(notify)
        });
        row.await
    }

    async fn renew(&self, claim: &Claim<'_>) -> Result<Option<PgRow>, StoreError> {
        let row = self.row("claim", || {
            sqlx::query(self.statements.renew.clone())
                .bind(claim.id.as_bytes().as_slice())
                .bind(claim.token.as_bytes().as_slice())
                .bind(micros(claim.lease.duration()))
        });
        row.await
    }
}
