//! A claim: a look, and an upsert where the look decides nothing.

use sqlx::mysql::{MySqlConnection, MySqlRow};

use super::Shared;
use super::dialect::Dialect;
use super::failure::failure;
use super::round_trip::may_pass;
use crate::outcome::ClaimOutcome;
use crate::store::sql::{claim_outcome, grace, micros};
use crate::store::{Claim, StoreError};

/// How often a claim is decided anew when its record is deleted after its
/// upsert, which takes a sweep of a record that lived for a moment.
const TRIES: u32 = 5;

impl Shared {
    pub(super) async fn claim(&self, claim: &Claim<'_>) -> Result<ClaimOutcome, StoreError> {
        let dialect = self.dialect("claim").await?;
        let mut tries = 1;
        loop {
            match self.try_claim(claim, dialect).await {
                Err(error) if may_pass(&error, tries).await => tries += 1,
                Err(error) => return Err(failure("claim", &self.table, &error)),
                Ok(Some(row)) => return claim_outcome(&row),
                Ok(None) => {
                    let why = format!("the record was deleted after each of {TRIES} claims");
                    return Err(StoreError::unavailable("claim", why));
                }
            }
        }
    }

    /// All on one connection: the pool tests each that comes back to it, which
    /// would be one more round trip between the look and the upsert.
    async fn try_claim(
        &self,
        claim: &Claim<'_>,
        dialect: Dialect,
    ) -> Result<Option<MySqlRow>, sqlx::Error> {
        let mut connection = self.pool.acquire().await?;
        // Writes and locks nothing, and a replay ends here.
        if let Some(row) = self.look(claim, &mut connection).await? {
            return Ok(Some(row));
        }
        for _ in 0..TRIES {
            let row = match dialect {
                Dialect::MariaDb => self.upsert(claim, &mut connection).await?,
                Dialect::MySql => self.upsert_and_see(claim, &mut connection).await?,
            };
            if row.is_some() {
                return Ok(row);
            }
        }
        Ok(None)
    }

    async fn look(
        &self,
        claim: &Claim<'_>,
        connection: &mut MySqlConnection,
    ) -> Result<Option<MySqlRow>, sqlx::Error> {
        let fingerprint = claim.fingerprint.as_bytes().as_slice();
        let look = sqlx::query(self.statements.look.clone())
            .bind(claim.id.as_bytes().as_slice())
            .bind(claim.token.as_bytes().as_slice())
            .bind(fingerprint)
            .bind(fingerprint);
        Ok(look.fetch_all(connection).await?.pop())
    }

    async fn upsert(
        &self,
        claim: &Claim<'_>,
        connection: &mut MySqlConnection,
    ) -> Result<Option<MySqlRow>, sqlx::Error> {
        let token = claim.token.as_bytes().as_slice();
        let upsert = start(&self.statements.claim_returning, claim).bind(token);
        Ok(upsert.fetch_all(connection).await?.pop())
    }

    async fn upsert_and_see(
        &self,
        claim: &Claim<'_>,
        connection: &mut MySqlConnection,
    ) -> Result<Option<MySqlRow>, sqlx::Error> {
        let upsert = start(&self.statements.claim, claim);
        upsert.execute(&mut *connection).await?;
        let see = sqlx::query(self.statements.seen.clone())
            .bind(claim.token.as_bytes().as_slice())
            .bind(claim.id.as_bytes().as_slice());
        Ok(see.fetch_all(connection).await?.pop())
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
