//! Records inside SQLite's own transactions. `BEGIN IMMEDIATE` takes the file's
//! one lock for writing, and that is the claim: nobody else can write a record
//! before the transaction ends (invariants 1, 3 and 4).

use std::sync::Arc;

use sqlx::{Connection, SqlStr, Sqlite, Transaction as Sqlx};

use super::SqliteStore;
use super::attempts::pair;
use super::failure::{failure_within, lost_before};
use super::turn::late;
use crate::answer::Answer;
use crate::lease::{Fence, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Ownership, Winner};
use crate::record::RecordId;
use crate::store::sql::{self, claim_outcome, grace, micros, number, ownership};
use crate::store::transaction::{ClaimedWithin, Statement, Turn, Value, Whose};
use crate::store::{
    Claim, Records, Session, StoreError, StoreFuture, Transaction, TransactionalStore,
};

/// A deferred one could not wait for the lock once it has read.
const BEGIN: &str = "BEGIN IMMEDIATE; SAVEPOINT idempotent_body";

sql::session!(Sqlite, failure_within);

impl Transaction for Sqlx<'_, Sqlite> {
    type Store = SqliteStore;
}

impl TransactionalStore for SqliteStore {
    type Transaction = Sqlx<'static, Sqlite>;

    fn records(&self) -> Arc<dyn Records> {
        Arc::new(self.clone())
    }

    fn turn(&self) -> StoreFuture<'_, Turn> {
        StoreFuture::new(async move {
            let turn = self.shared.turns.take().await;
            turn.map(Turn::holding).ok_or_else(|| late("begin"))
        })
    }

    fn begin(&self) -> StoreFuture<'_, Self::Transaction> {
        StoreFuture::new(async move {
            let pool = &self.shared.pool;
            loop {
                match pool.begin_with(BEGIN).await {
                    // Its transaction was ended by SQLite itself, which sqlx has
                    // not noticed: the pool opens another one.
                    Err(sqlx::Error::InvalidSavePointStatement) => {
                        let acquired = pool.acquire().await;
                        let mut one = acquired.map_err(|error| failure_within("begin", &error))?;
                        if one.is_in_transaction() {
                            one.close_on_drop();
                        }
                    }
                    begun => return begun.map_err(|error| failure_within("begin", &error)),
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

    fn roll_back(&self, mut transaction: Self::Transaction) -> StoreFuture<'_, ()> {
        StoreFuture::new(async move {
            // Fails, but where SQLite has rolled back by itself: then there is
            // one again, which sqlx can end.
            let _ = is_over(&mut transaction).await;
            let rolled_back = transaction.rollback().await;
            rolled_back.map_err(|error| failure_within("rollback", &error))
        })
    }
}

impl Records for SqliteStore {
    fn look<'a>(&'a self, claim: &'a Claim<'a>) -> StoreFuture<'a, Option<ClaimOutcome>> {
        StoreFuture::new(self.shared.look(claim))
    }

    fn claim_within<'a>(
        &'a self,
        session: &'a mut dyn Session,
        claim: &'a Claim<'a>,
        whose: Whose,
    ) -> StoreFuture<'a, ClaimedWithin> {
        StoreFuture::new(async move {
            let statements = &self.shared.statements;
            if whose == Whose::Callers {
                // It may be a deferred one, which has no lock before it writes.
                session
                    .changed(statement("claim", &statements.writable))
                    .await?;
            }
            let claiming = statement("claim", &statements.claim_within)
                .bind(Value::Bytes(Some(claim.id.as_bytes())))
                .bind(Value::Bytes(Some(claim.fingerprint.as_bytes())));
            let row = session.row(claiming).await?.ok_or_else(no_row)?;
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
            if is_over(session).await {
                return Err(lost_before("complete"));
            }
            let trace = claim.trace.as_ref().map(<[u8; 25]>::as_slice);
            let recording = statement("complete", &self.shared.statements.record_within)
                .bind(Value::Bytes(Some(claim.id.as_bytes())))
                .bind(Value::Bytes(Some(claim.fingerprint.as_bytes())))
                .bind(Value::Bytes(Some(claim.token.as_bytes())))
                .bind(Value::Integer(number(fence)))
                .bind(Value::Bytes(Some(answer.as_bytes())))
                .bind(Value::Integer(micros(claim.ttl.duration())))
                .bind(Value::Integer(grace(claim.ttl)))
                .bind(Value::Text(claim.operation))
                .bind(Value::Text(claim.owner))
                .bind(Value::Bytes(trace));
            Ok(ownership(session.row(recording).await?.is_some()))
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
            if is_over(session).await {
                return Err(lost_before("complete"));
            }
            let statements = &self.shared.statements;
            let pair = pair(id, token);
            let bytes = answer.as_bytes();
            // A batch of one; its answer's bytes are counted from 1.
            let (fence, ttl, grace) = (number(fence), micros(ttl.duration()), grace(ttl));
            let values = format!("[[{fence},{ttl},{grace},1,{}]]", bytes.len());
            let completing = statement("complete", &statements.complete)
                .bind(Value::Bytes(Some(&pair)))
                .bind(Value::Text(&values))
                .bind(Value::Bytes(Some(bytes)));
            if session.row(completing).await?.is_some() {
                return Ok(Completion::Stored);
            }
            let looking = statement("complete", &statements.winner)
                .bind(Value::Bytes(Some(id.as_bytes())))
                .bind(Value::Bytes(Some(token.as_bytes())))
                .bind(Value::Integer(fence));
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

/// Whether there is no transaction any more: SQLite ends one by itself on some
/// errors (a full disk, `ON CONFLICT ROLLBACK`), and what is written after that
/// would be committed at once. Then one is open again afterwards.
async fn is_over(session: &mut dyn Session) -> bool {
    // Refused inside of a transaction, and harmless there.
    session
        .changed(Statement::new("probe", "BEGIN"))
        .await
        .is_ok()
}

fn statement(verb: &'static str, sql: &SqlStr) -> Statement<'static> {
    Statement::new(verb, sql.as_str())
}

fn no_row() -> StoreError {
    StoreError::Corrupt {
        what: "a statement that always returns a row returned none".to_owned(),
    }
}
