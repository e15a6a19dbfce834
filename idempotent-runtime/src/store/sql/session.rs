//! A transaction of sqlx as a [`Session`](crate::store::Session): binds the
//! values, and reads a row's cells by what they can be read as.

use sqlx::{ColumnIndex, Decode, Type, ValueRef};

use super::row::Columns;
use crate::store::StoreError;
use crate::store::transaction::{Cell, Row};

/// `Session` for sqlx's transaction over a database; `$failure` judges an error
/// by the verb that met it.
macro_rules! session {
    ($database:ty, $failure:path) => {
        impl $crate::store::Session for sqlx::Transaction<'_, $database> {
            fn row<'a>(
                &'a mut self,
                statement: $crate::store::transaction::Statement<'a>,
            ) -> $crate::store::StoreFuture<'a, Option<$crate::store::transaction::Row>> {
                $crate::store::StoreFuture::new(async move {
                    let sql = sqlx::AssertSqlSafe(std::sync::Arc::clone(&statement.sql));
                    let row = if statement.values.is_empty() {
                        sqlx::Executor::fetch_optional(&mut **self, sqlx::raw_sql(sql)).await
                    } else {
                        let query = $crate::store::sql::session!(@bind $database, sql, statement);
                        query.fetch_optional(&mut **self).await
                    };
                    let row = row.map_err(|error| $failure(statement.verb, &error))?;
                    row.map(|row| $crate::store::sql::cells(&row)).transpose()
                })
            }

            fn changed<'a>(
                &'a mut self,
                statement: $crate::store::transaction::Statement<'a>,
            ) -> $crate::store::StoreFuture<'a, u64> {
                $crate::store::StoreFuture::new(async move {
                    let sql = sqlx::AssertSqlSafe(std::sync::Arc::clone(&statement.sql));
                    let done = if statement.values.is_empty() {
                        sqlx::Executor::execute(&mut **self, sqlx::raw_sql(sql)).await
                    } else {
                        let query = $crate::store::sql::session!(@bind $database, sql, statement);
                        query.execute(&mut **self).await
                    };
                    done.map(|done| done.rows_affected())
                        .map_err(|error| $failure(statement.verb, &error))
                })
            }
        }
    };
    (@bind $database:ty, $sql:ident, $statement:ident) => {{
        use $crate::store::transaction::Value;
        let mut query = sqlx::query::<$database>($sql);
        for value in &$statement.values {
            query = match *value {
                Value::Integer(number) => query.bind(number),
                Value::Boolean(flag) => query.bind(flag),
                Value::Bytes(bytes) => query.bind(bytes),
                Value::Text(text) => query.bind(text),
            };
        }
        query
    }};
}
pub(crate) use session;

/// The row's columns.
pub(crate) fn cells<R: sqlx::Row>(row: &R) -> Result<Row, StoreError>
where
    usize: ColumnIndex<R>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> bool: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
{
    let cell = |column: usize| {
        let null = row.try_get_raw(column).is_ok_and(|value| value.is_null());
        if null {
            Ok(Cell::Null)
        } else if let Ok(number) = row.try_get::<i64, _>(column) {
            Ok(Cell::Integer(number))
        } else if let Ok(flag) = row.try_get::<bool, _>(column) {
            Ok(Cell::Integer(i64::from(flag)))
        } else if let Ok(text) = row.try_get::<String, _>(column) {
            Ok(Cell::Text(text))
        } else if let Ok(bytes) = row.try_get::<Vec<u8>, _>(column) {
            Ok(Cell::Bytes(bytes))
        } else {
            Err(unreadable(column))
        }
    };
    (0..row.len())
        .map(cell)
        .collect::<Result<_, _>>()
        .map(Row::new)
}

impl Columns for Row {
    fn integer(&self, column: usize) -> Result<i64, StoreError> {
        match self.cells().get(column) {
            Some(Cell::Integer(number)) => Ok(*number),
            _ => Err(unreadable(column)),
        }
    }

    fn bytes(&self, column: usize) -> Result<Option<Vec<u8>>, StoreError> {
        match self.cells().get(column) {
            Some(Cell::Null) => Ok(None),
            Some(Cell::Bytes(bytes)) => Ok(Some(bytes.clone())),
            _ => Err(unreadable(column)),
        }
    }

    fn text(&self, column: usize) -> Result<String, StoreError> {
        match self.cells().get(column) {
            Some(Cell::Text(text)) => Ok(text.clone()),
            _ => Err(unreadable(column)),
        }
    }
}

fn unreadable(column: usize) -> StoreError {
    StoreError::Corrupt {
        what: format!("column {column} of a row in a transaction is missing, or of another type"),
    }
}
