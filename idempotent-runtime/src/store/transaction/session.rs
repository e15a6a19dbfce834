//! What the records' statements need of a client library: to run one of them
//! inside the transaction, with values of four kinds, and to read a row.

use std::sync::Arc;

#[cfg(doc)]
use crate::store::StoreError;
use crate::store::StoreFuture;

/// An open transaction, as the records' statements see it.
///
/// The errors tell what became of the transaction, so that the engine can tell a
/// caller:
///
/// - [`StoreError::Conflict`]: another transaction was in the way (a serialization
///   failure, a deadlock, a lock that was not free in time);
/// - [`StoreError::RolledBack`]: it had failed before, or the database has ended
///   it (a timeout, say);
/// - [`StoreError::Unavailable`]: the connection is lost.
pub trait Session: Send {
    /// Runs one statement, and gives its first row. One without values is sent as
    /// it stands (`SAVEPOINT …`), and not prepared, as some databases cannot.
    fn row<'a>(&'a mut self, statement: Statement<'a>) -> StoreFuture<'a, Option<Row>>;

    /// Runs one statement, and gives how many rows it changed (MySQL: found).
    fn changed<'a>(&'a mut self, statement: Statement<'a>) -> StoreFuture<'a, u64>;
}

/// A statement with its values.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Statement<'a> {
    /// For errors: the verb that it serves.
    pub verb: &'static str,
    /// The text, in the database's own form of placeholders. It is one of a fixed
    /// number, so that a client may keep it prepared.
    pub sql: Arc<str>,
    /// The values of the placeholders, in order.
    pub values: Vec<Value<'a>>,
}

/// A value to bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// 64 bits, signed.
    Integer(i64),
    /// True or false.
    Boolean(bool),
    /// Bytes, or NULL of their type.
    Bytes(Option<&'a [u8]>),
    /// A text.
    Text(&'a str),
}

/// The first row of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(Vec<Cell>);

/// A column of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cell {
    /// NULL.
    Null,
    /// 64 bits, signed; a boolean as 0 or 1.
    Integer(i64),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A text.
    Text(String),
}

impl<'a> Statement<'a> {
    /// A statement without values.
    pub fn new(verb: &'static str, sql: impl Into<Arc<str>>) -> Self {
        Self {
            verb,
            sql: sql.into(),
            values: Vec::new(),
        }
    }

    /// The same with one more value.
    #[must_use]
    pub fn bind(mut self, value: Value<'a>) -> Self {
        self.values.push(value);
        self
    }
}

impl Row {
    /// A row of these columns.
    pub const fn new(cells: Vec<Cell>) -> Self {
        Self(cells)
    }

    /// The columns.
    pub fn cells(&self) -> &[Cell] {
        &self.0
    }
}
