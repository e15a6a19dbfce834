//! Claims that a look did not decide.

use std::collections::HashMap;

use super::failure::Failed;
use super::lane::{Lane, Verb};
use super::session::{Query, Session};
use super::statements::Statements;
use super::writer::Lanes;
use crate::fingerprint::Fingerprint;
use crate::lease::Token;
use crate::outcome::ClaimOutcome;
use crate::record::{RecordId, Trace};
use crate::store::sql::{Columns, claim_outcome, grace, micros};
use crate::store::{Claim, StoreError};

/// How often a claim is decided anew when another process changes its record
/// between two statements.
const TRIES: usize = 5;

/// A claim that may outlive its caller.
pub(super) struct Claiming {
    id: RecordId,
    token: Token,
    fingerprint: Fingerprint,
    lease: i64,
    life: i64,
    grace: i64,
    operation: String,
    owner: String,
    trace: Option<Trace>,
}

impl Claiming {
    pub(super) fn new(claim: &Claim<'_>) -> Self {
        Self {
            id: claim.id,
            token: claim.token,
            fingerprint: claim.fingerprint,
            lease: micros(claim.lease.duration()),
            life: micros(claim.lifetime()),
            grace: grace(claim.ttl),
            operation: claim.operation.to_owned(),
            owner: claim.owner.to_owned(),
            trace: claim.trace,
        }
    }

    /// Its part of the first argument of `claim.sql`.
    fn bytes(&self) -> [&[u8]; 4] {
        [
            self.id.as_bytes(),
            self.token.as_bytes(),
            self.fingerprint.as_bytes(),
            self.trace.as_ref().unwrap_or(&[0; 25]),
        ]
    }

    /// Its part of the second one.
    fn values(&self) -> (i64, i64, i64, &str, &str, bool) {
        let has_trace = self.trace.is_some();
        (
            self.lease,
            self.life,
            self.grace,
            &self.operation,
            &self.owner,
            has_trace,
        )
    }
}

/// The statement that reads what is decided already.
pub(super) fn look<'q>(
    statements: &Statements,
    id: &'q RecordId,
    token: &'q Token,
    fingerprint: &'q Fingerprint,
) -> Query<'q> {
    sqlx::query(statements.look.clone())
        .bind(id.as_bytes().as_slice())
        .bind(token.as_bytes().as_slice())
        .bind(fingerprint.as_bytes().as_slice())
}

impl Verb for Claiming {
    const NAME: &'static str = "claim";
    type Answer = ClaimOutcome;

    fn lane(lanes: &mut Lanes) -> &mut Lane<Self> {
        &mut lanes.claims
    }

    async fn run(
        these: &[&Self],
        session: &mut Session<'_>,
    ) -> Result<Vec<Option<ClaimOutcome>>, Failed> {
        let bytes: Vec<_> = these.iter().flat_map(|claim| claim.bytes()).collect();
        let values: Vec<_> = these.iter().map(|claim| claim.values()).collect();
        let start = sqlx::query(session.shared.statements.claim.clone())
            .bind(bytes.concat())
            .bind(super::session::json(&values)?);
        let mut started = HashMap::new();
        for row in session.rows(start).await? {
            started.insert((row.bytes(10)?, row.bytes(11)?), claim_outcome(&row)?);
        }
        // Copies of one claim are one start: the others look.
        let outcome = |claim: &&Self| {
            let (id, token) = (
                claim.id.as_bytes().to_vec(),
                claim.token.as_bytes().to_vec(),
            );
            started.remove(&(Some(id), Some(token)))
        };
        Ok(these.iter().map(outcome).collect())
    }

    /// It started nothing: another attempt holds the record, or this very one.
    async fn settle(&self, session: &mut Session<'_>) -> Result<ClaimOutcome, Failed> {
        let statements = &session.shared.statements;
        for _ in 0..TRIES {
            let look = look(statements, &self.id, &self.token, &self.fingerprint);
            let Some(row) = session.row(look).await? else {
                if let [Some(outcome)] = &mut Self::run(&[self], session).await?[..] {
                    return Ok(outcome.clone());
                }
                continue;
            };
            let outcome = claim_outcome(&row)?;
            if !matches!(outcome, ClaimOutcome::Claimed(_)) {
                return Ok(outcome);
            }
            let renew = sqlx::query(statements.renew.clone())
                .bind(self.id.as_bytes().as_slice())
                .bind(self.token.as_bytes().as_slice())
                .bind(self.lease);
            if let Some(row) = session.row(renew).await? {
                return Ok(claim_outcome(&row)?);
            }
        }
        let why = format!("the record changed under each of {TRIES} looks");
        Err(StoreError::unavailable(Self::NAME, why).into())
    }
}
