//! What the verbs inside a transaction are made of: the finished record, whether
//! there is one by now, and which server it is.

use sqlx::SqlStr;

use super::Shared;
use super::dialect::{Dialect, Server};
use super::verbs::hex;
use super::within::{no_row, statement, still_open};
use crate::answer::Answer;
use crate::lease::Fence;
use crate::record::RecordId;
use crate::store::sql::{Columns, grace, micros, number};
use crate::store::transaction::{Statement, Value};
use crate::store::{Claim, Session, StoreError};

impl Shared {
    /// In one statement; where that wrote nothing, the reason is asked for.
    pub(super) async fn record(
        &self,
        session: &mut dyn Session,
        claim: &Claim<'_>,
        fence: Fence,
        answer: &Answer,
    ) -> Result<bool, StoreError> {
        let recording = finished(&self.statements.record_within, claim, fence, answer)
            .bind(Value::Bytes(Some(claim.token.as_bytes())))
            .bind(Value::Integer(number(fence)));
        match session.row(recording).await? {
            Some(row) => Ok(row.integer(0)? == 1),
            None => still_open(session).await.map(|()| false),
        }
    }

    /// In two statements, where the first one found a record.
    pub(super) async fn insert(
        &self,
        session: &mut dyn Session,
        claim: &Claim<'_>,
        fence: Fence,
        answer: &Answer,
    ) -> Result<bool, StoreError> {
        let inserting = finished(&self.statements.insert_within, claim, fence, answer);
        match session.changed(inserting).await? {
            0 => return Ok(false),
            1 => return Ok(true),
            _ => {}
        }
        let looking = statement("complete", &self.statements.recorded)
            .bind(Value::Bytes(Some(claim.token.as_bytes())))
            .bind(Value::Integer(number(fence)))
            .bind(Value::Bytes(Some(claim.id.as_bytes())));
        let row = session.row(looking).await?;
        Ok(row.map(|row| row.integer(0)).transpose()? == Some(1))
    }

    /// Whether there is a record by now.
    pub(super) async fn is_there(
        &self,
        session: &mut dyn Session,
        id: &RecordId,
    ) -> Result<bool, StoreError> {
        let probe = self.statements.probe.as_str();
        let probe = probe.replace("{id}", &hex(id.as_bytes()));
        Ok(session.changed(Statement::new("claim", probe)).await? == 2)
    }

    /// The dialect, asked for in the session where it is not known: the pool may
    /// have no other connection.
    pub(super) async fn dialect_within(
        &self,
        session: &mut dyn Session,
    ) -> Result<Dialect, StoreError> {
        let asked = async {
            let server = statement("begin", &self.statements.server);
            let row = session.row(server).await?.ok_or_else(no_row)?;
            let server = Server {
                version: row.text(0)?,
                sql_mode: row.text(1)?,
            };
            Ok(server.numbers().0)
        };
        self.dialect.get_or_try_init(|| asked).await.copied()
    }
}

/// The statement of a finished record with its arguments.
fn finished<'a>(
    sql: &SqlStr,
    claim: &'a Claim<'_>,
    fence: Fence,
    answer: &'a Answer,
) -> Statement<'a> {
    let life = micros(claim.ttl.duration());
    statement("complete", sql)
        .bind(Value::Bytes(Some(claim.id.as_bytes())))
        .bind(Value::Bytes(Some(claim.token.as_bytes())))
        .bind(Value::Bytes(Some(claim.fingerprint.as_bytes())))
        .bind(Value::Text(claim.operation))
        .bind(Value::Text(claim.owner))
        .bind(Value::Bytes(claim.trace.as_ref().map(<[u8; 25]>::as_slice)))
        .bind(Value::Integer(number(fence)))
        .bind(Value::Integer(number(fence)))
        .bind(Value::Integer(life))
        .bind(Value::Integer(life + grace(claim.ttl)))
        .bind(Value::Bytes(Some(answer.as_bytes())))
        .bind(Value::Integer(slot(&claim.id)))
}

/// The row of the slots that stands for the record.
pub(super) fn slot(id: &RecordId) -> i64 {
    let [first, second, ..] = *id.as_bytes();
    i64::from(u16::from_be_bytes([first, second]))
}
