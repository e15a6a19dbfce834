//! Records inside PostgreSQL's own transactions. The claim is an advisory lock
//! that is given or refused at once, and the unique index decides whatever the
//! lock cannot (invariants 1, 3 and 4).

use std::sync::Arc;

use sqlx::postgres::Postgres;
use sqlx::{SqlStr, Transaction as Sqlx};

use super::failure::{Passing, failure, failure_within};
use super::{Notifications, PostgresStore, Shared};
use crate::answer::Answer;
use crate::lease::{Fence, Token, Ttl};
use crate::outcome::{Completion, Ownership, Winner};
use crate::record::RecordId;
use crate::store::sql::{self, Columns, claim_outcome, grace, micros, number, ownership};
use crate::store::transaction::{ClaimedWithin, Statement, Value, Whose};
use crate::store::{
    Claim, Records, Session, StoreError, StoreFuture, Transaction, TransactionalStore,
};

/// What `claim_within.sql` says of a record that another transaction has claimed.
const BUSY: i64 = 5;
/// How many connections of the pool may turn out to be lost before that is told.
const LOST: usize = 4;
/// In one round trip, as two statements of the simple protocol.
const BEGIN: &str = "BEGIN; SAVEPOINT idempotent_body";

sql::session!(Postgres, failure_within);

impl Transaction for Sqlx<'_, Postgres> {
    type Store = PostgresStore;
}

impl TransactionalStore for PostgresStore {
    type Transaction = Sqlx<'static, Postgres>;

    fn records(&self) -> Arc<dyn Records> {
        Arc::new(self.clone())
    }

    fn begin(&self) -> StoreFuture<'_, Self::Transaction> {
        StoreFuture::new(async move {
            let shared = &*self.shared;
            let mut lost = 0;
            loop {
                match shared.pool.begin_with(BEGIN).await {
                    Err(error) if matches!(Passing::of(&error), Some(Passing::Lost)) => {
                        lost += 1;
                        if lost == LOST {
                            return Err(failure("begin", &shared.table, &error));
                        }
                    }
                    begun => return begun.map_err(|e| failure("begin", &shared.table, &e)),
                }
            }
        })
    }

    fn commit(&self, transaction: Self::Transaction) -> StoreFuture<'_, ()> {
        StoreFuture::new(async move {
            let committed = transaction.commit().await;
            committed.map_err(|error| failure_within("commit", &error))
        })
    }

    fn roll_back(&self, transaction: Self::Transaction) -> StoreFuture<'_, ()> {
        StoreFuture::new(async move {
            let rolled_back = transaction.rollback().await;
            rolled_back.map_err(|error| failure_within("rollback", &error))
        })
    }
}

impl Records for PostgresStore {
    fn claim_within<'a>(
        &'a self,
        session: &'a mut dyn Session,
        claim: &'a Claim<'a>,
        whose: Whose,
    ) -> StoreFuture<'a, ClaimedWithin> {
        StoreFuture::new(async move {
            let bound = match whose {
                Whose::Ours => i64::try_from(claim.lease.as_millis()).unwrap_or(0),
                Whose::Callers => 0,
            };
            let statement = statement("claim", &self.shared.statements.claim_within)
                .bind(Value::Bytes(Some(claim.id.as_bytes())))
                .bind(Value::Bytes(Some(claim.fingerprint.as_bytes())))
                .bind(Value::Integer(self.shared.lock(&claim.id)))
                .bind(Value::Integer(bound));
            let row = session.row(statement).await?.ok_or_else(no_row)?;
            if row.integer(0)? == BUSY {
                return Ok(ClaimedWithin::Busy);
            }
            claim_outcome(&row).map(ClaimedWithin::Outcome)
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
            let notify = claim.notify && self.shared.notifications == Notifications::On;
            let trace = claim.trace.as_ref().map(<[u8; 25]>::as_slice);
            let statement = statement("complete", &self.shared.statements.record_within)
                .bind(Value::Bytes(Some(claim.id.as_bytes())))
                .bind(Value::Bytes(Some(claim.fingerprint.as_bytes())))
                .bind(Value::Bytes(Some(claim.token.as_bytes())))
                .bind(Value::Integer(number(fence)))
                .bind(Value::Bytes(Some(answer.as_bytes())))
                .bind(Value::Integer(micros(claim.ttl.duration())))
                .bind(Value::Integer(grace(claim.ttl)))
                .bind(Value::Text(claim.operation))
                .bind(Value::Text(claim.owner))
                .bind(Value::Bytes(trace))
                .bind(Value::Boolean(notify))
                .bind(Value::Integer(self.shared.lock(&claim.id)));
            Ok(ownership(session.row(statement).await?.is_some()))
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
            let statement = statement("complete", &self.shared.statements.complete)
                .bind(Value::Bytes(Some(id.as_bytes())))
                .bind(Value::Bytes(Some(token.as_bytes())))
                .bind(Value::Integer(number(fence)))
                .bind(Value::Bytes(Some(answer.as_bytes())))
                .bind(Value::Integer(micros(ttl.duration())))
                .bind(Value::Integer(grace(ttl)));
            match session.row(statement).await? {
                Some(row) => sql::completion(&row),
                None => Ok(Completion::Lost(Winner::None)),
            }
        })
    }

    fn committed(&self, id: &RecordId, notify: bool) {
        let notify = notify && self.shared.notifications == Notifications::On;
        self.shared.ended(id, notify);
    }
}

impl Shared {
    /// The number of the record's advisory lock: of the table too, as a database
    /// has one space of locks for all of them.
    fn lock(&self, id: &RecordId) -> i64 {
        let mut digest = blake3::Hasher::new();
        digest.update(self.table.shown().as_bytes());
        digest.update(id.as_bytes());
        let mut number = [0; 8];
        digest.finalize_xof().fill(&mut number);
        i64::from_be_bytes(number)
    }
}

fn statement(verb: &'static str, sql: &SqlStr) -> Statement<'static> {
    Statement::new(verb, sql.as_str())
}

fn no_row() -> StoreError {
    StoreError::Corrupt {
        what: "a statement that always returns a row returned none".to_owned(),
    }
}
