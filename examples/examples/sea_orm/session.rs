//! `SeaORM`'s transaction, as the records' statements see it.

use idempotent_runtime::store::transaction::{Cell, Row, Session, Statement, Transaction, Value};
use idempotent_runtime::store::{StoreError, StoreFuture};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, QueryResult, RuntimeErr, Statement as OrmStatement,
};

use crate::store::Orm;

/// An open transaction.
pub(crate) struct OrmTransaction(pub(crate) DatabaseTransaction);

impl OrmTransaction {
    /// What the handler's own statements go through.
    pub(crate) fn connection(&self) -> &DatabaseTransaction {
        &self.0
    }

    /// A statement without values is sent as it stands.
    async fn run(&self, statement: &Statement<'_>) -> Result<Option<QueryResult>, DbErr> {
        if statement.values.is_empty() {
            self.0.execute_unprepared(&statement.sql).await?;
            return Ok(None);
        }
        self.0.query_one_raw(self.bound(statement)).await
    }

    fn bound(&self, statement: &Statement<'_>) -> OrmStatement {
        let values = statement.values.iter().map(|value| match *value {
            Value::Integer(number) => number.into(),
            Value::Boolean(flag) => flag.into(),
            Value::Bytes(bytes) => bytes.map(<[u8]>::to_vec).into(),
            Value::Text(text) => text.into(),
            other => unreachable!("{other:?} is newer than this example"),
        });
        let backend = self.0.get_database_backend();
        OrmStatement::from_sql_and_values(backend, &*statement.sql, values)
    }
}

impl Transaction for OrmTransaction {
    type Store = Orm;
}

impl Session for OrmTransaction {
    fn row<'a>(&'a mut self, statement: Statement<'a>) -> StoreFuture<'a, Option<Row>> {
        StoreFuture::new(async move {
            let row = self.run(&statement).await;
            let row = row.map_err(|error| told(statement.verb, &error))?;
            row.map(|row| cells(&row)).transpose()
        })
    }

    fn changed<'a>(&'a mut self, statement: Statement<'a>) -> StoreFuture<'a, u64> {
        StoreFuture::new(async move {
            let done = if statement.values.is_empty() {
                self.0.execute_unprepared(&statement.sql).await
            } else {
                self.0.execute_raw(self.bound(&statement)).await
            };
            done.map(|done| done.rows_affected())
                .map_err(|error| told(statement.verb, &error))
        })
    }
}

/// SQLite's columns, by what they can be read as.
fn cells(row: &QueryResult) -> Result<Row, StoreError> {
    let cell = |column: usize| {
        if let Ok(number) = row.try_get_by_index::<Option<i64>>(column) {
            Ok(number.map_or(Cell::Null, Cell::Integer))
        } else if let Ok(text) = row.try_get_by_index::<String>(column) {
            Ok(Cell::Text(text))
        } else if let Ok(bytes) = row.try_get_by_index::<Vec<u8>>(column) {
            Ok(Cell::Bytes(bytes))
        } else {
            Err(StoreError::Corrupt {
                what: format!("column {column} is neither a number, a text nor bytes"),
            })
        }
    };
    let columns = 0..row.column_names().len();
    columns.map(cell).collect::<Result<_, _>>().map(Row::new)
}

/// What became of the transaction: SQLite's `BUSY`, in all its forms, is another
/// writer.
pub(crate) fn told(verb: &'static str, error: &DbErr) -> StoreError {
    let (DbErr::Exec(why) | DbErr::Query(why) | DbErr::Conn(why)) = error else {
        return StoreError::unavailable(verb, "SeaORM could not run a statement");
    };
    let code = match why {
        RuntimeErr::SqlxError(error) => error
            .as_database_error()
            .and_then(|error| error.code()?.parse::<u32>().ok()),
        RuntimeErr::Internal(_) => None,
    };
    match code {
        Some(code) if code & 0xff == 5 => StoreError::Conflict { verb },
        Some(code) => StoreError::RolledBack {
            verb,
            why: format!("SQLite's error {code}"),
        },
        None => StoreError::unavailable(verb, "the connection is lost"),
    }
}
