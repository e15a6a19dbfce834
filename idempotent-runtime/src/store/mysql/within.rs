//! A record's verbs inside a transaction. The claim is a lock on a row that is
//! there for that, given or refused at once, and the primary key decides whatever
//! the lock cannot (invariants 1, 3 and 4).
//!
//! These servers end a transaction without a word, after a deadlock or at a
//! statement that commits by itself; what follows would be committed statement by
//! statement. So nothing is written before it is known that there is one still.

use sqlx::SqlStr;

use super::MySqlStore;
use super::dialect::Dialect;
use super::recording::slot;
use crate::answer::Answer;
use crate::lease::{Fence, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Ownership, Winner};
use crate::record::RecordId;
use crate::store::sql::{self, Columns, claim_outcome, grace, micros, number, ownership};
use crate::store::transaction::{ClaimedWithin, Statement, Value, Whose};
use crate::store::{Claim, Records, Session, StoreError, StoreFuture};

/// What `claim_within.sql` says of a record that another transaction has claimed.
const BUSY: i64 = 5;
/// What it says of a session that does not commit by itself.
const NO_AUTOCOMMIT: i64 = 6;

impl Records for MySqlStore {
    fn claim_within<'a>(
        &'a self,
        session: &'a mut dyn Session,
        claim: &'a Claim<'a>,
        whose: Whose,
    ) -> StoreFuture<'a, ClaimedWithin> {
        let shared = &*self.shared;
        StoreFuture::new(async move {
            if whose == Whose::Ours {
                let dialect = shared.dialect_within(session).await?;
                if let Some(bounds) = shared.bounds.raise(dialect, claim.lease) {
                    session.changed(Statement::new("claim", bounds)).await?;
                }
            }
            let sql = shared.statements.claim_within.as_str();
            let claimed = ask(session, claim, sql.to_owned()).await?;
            let is_claimed = matches!(claimed, ClaimedWithin::Outcome(ClaimOutcome::Claimed(_)));
            if whose == Whose::Ours || !is_claimed || !shared.is_there(session, &claim.id).await? {
                return Ok(claimed);
            }
            // The caller may have read before, and keeps to what it saw then. A
            // locking read sees what is; of a record that is there it locks no gap.
            ask(session, claim, format!("{sql} FOR UPDATE")).await
        })
    }

    fn record_within<'a>(
        &'a self,
        session: &'a mut dyn Session,
        claim: &'a Claim<'a>,
        fence: Fence,
        answer: &'a Answer,
    ) -> StoreFuture<'a, Ownership> {
        let shared = &*self.shared;
        StoreFuture::new(async move {
            let owned = match shared.dialect_within(session).await? {
                Dialect::MariaDb => shared.record(session, claim, fence, answer).await?,
                Dialect::MySql => {
                    still_open(session).await?;
                    shared.insert(session, claim, fence, answer).await?
                }
            };
            Ok(ownership(owned))
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
        let shared = &*self.shared;
        StoreFuture::new(async move {
            let dialect = shared.dialect_within(session).await?;
            let complete = match dialect {
                Dialect::MariaDb => &shared.statements.complete_within,
                Dialect::MySql => {
                    still_open(session).await?;
                    &shared.statements.complete
                }
            };
            let life = micros(ttl.duration());
            let completing = statement("complete", complete)
                .bind(Value::Bytes(Some(answer.as_bytes())))
                .bind(Value::Integer(life))
                .bind(Value::Integer(life + grace(ttl)))
                .bind(Value::Bytes(Some(id.as_bytes())))
                .bind(Value::Bytes(Some(token.as_bytes())))
                .bind(Value::Integer(number(fence)));
            if session.changed(completing).await? == 1 {
                return Ok(Completion::Stored);
            }
            if dialect == Dialect::MariaDb {
                still_open(session).await?;
            }
            let looking = statement("complete", &shared.statements.winner)
                .bind(Value::Bytes(Some(token.as_bytes())))
                .bind(Value::Integer(number(fence)))
                .bind(Value::Bytes(Some(id.as_bytes())));
            match session.row(looking).await? {
                Some(row) => sql::completion(&row),
                None => Ok(Completion::Lost(Winner::None)),
            }
        })
    }

    fn committed(&self, id: &RecordId, _notify: bool) {
        self.shared.rooms.ended(id);
    }
}

/// What a form of `claim_within.sql` says.
async fn ask(
    session: &mut dyn Session,
    claim: &Claim<'_>,
    sql: String,
) -> Result<ClaimedWithin, StoreError> {
    let claiming = Statement::new("claim", sql)
        .bind(Value::Bytes(Some(claim.id.as_bytes())))
        .bind(Value::Bytes(Some(claim.fingerprint.as_bytes())))
        .bind(Value::Integer(slot(&claim.id)));
    let row = session.row(claiming).await?.ok_or_else(no_row)?;
    match row.integer(0)? {
        BUSY => Ok(ClaimedWithin::Busy),
        NO_AUTOCOMMIT => Err(StoreError::Misconfigured {
            what: "the session has autocommit = 0, with which a transaction's end cannot be \
                   noticed; SET autocommit = 1 for the pool's connections"
                .to_owned(),
        }),
        _ => claim_outcome(&row).map(ClaimedWithin::Outcome),
    }
}

/// Whether the session is in a transaction still; an error where it is not.
pub(super) async fn still_open(session: &mut dyn Session) -> Result<(), StoreError> {
    // Refused inside of a transaction. Outside it says of the next one what is
    // its default.
    let probe = Statement::new("probe", "SET TRANSACTION READ WRITE");
    match session.changed(probe).await {
        Ok(_) => Err(StoreError::RolledBack {
            verb: "complete",
            why: "it was over before its answer: a statement of the body met a deadlock, or \
                  committed by itself, as those do that change a schema; let errors reach the \
                  caller, and keep such statements out of the body"
                .to_owned(),
        }),
        Err(error @ StoreError::Unavailable { .. }) => Err(error),
        Err(_) => Ok(()),
    }
}

pub(super) fn statement<'a>(verb: &'static str, sql: &SqlStr) -> Statement<'a> {
    Statement::new(verb, sql.as_str())
}

pub(super) fn no_row() -> StoreError {
    StoreError::Corrupt {
        what: "a statement that always returns a row returned none".to_owned(),
    }
}
