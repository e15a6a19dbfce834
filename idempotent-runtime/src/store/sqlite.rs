// The store in a SQLite file: the type and how it is set up. The statements are
// in `sqlite/sql`; `claiming`, `attempts` and `operator` bind and read those
// that write, and `writer` has them share commits (invariants 1 to 8).
#![doc = include_str!("../../docs/stores/sqlite.md")]
#![doc = "\n## The migrations\n\nWritten for the default name.\n\n```sql"]
#![doc = include_str!("sqlite/migrations/versions.sql")]
#![doc = include_str!("sqlite/migrations/0001_records.sql")]
#![doc = "```"]

mod attempts;
mod check;
mod claiming;
mod connect;
mod failure;
mod group;
mod lane;
mod lists;
mod migrate;
mod operator;
mod session;
mod statements;
mod steps;
mod transaction;
mod turn;
mod verbs;
mod writer;

use std::fmt;
use std::sync::Arc;

use sqlx::SqlitePool;

use self::statements::Statements;
use self::turn::Turns;
use self::writer::Writer;

use super::StoreError;
use super::sql::{Rooms, TableName};

/// A [`Store`](super::Store) in a SQLite file, shared by all processes of a
/// host.
#[derive(Clone)]
pub struct SqliteStore {
    shared: Arc<Shared>,
}

struct Shared {
    pool: SqlitePool,
    table: TableName,
    statements: Statements,
    writer: Writer,
    turns: Turns,
    rooms: Rooms,
}

impl SqliteStore {
    /// A store on your pool. Nothing is sent yet: see
    /// [`migrate`](Self::migrate), and [`check`](Self::check), which looks at
    /// the settings that the promises rest on: WAL, `synchronous=FULL`, and a
    /// busy timeout.
    ///
    /// One connection of the pool writes at a time, the others read.
    pub fn new(pool: SqlitePool) -> Self {
        Self::build(pool, TableName::default())
    }

    /// Another table than `idempotency_records`.
    pub fn table(self, name: &str) -> Result<Self, StoreError> {
        let table = TableName::new(name)?;
        Ok(Self::build(self.shared.pool.clone(), table))
    }

    fn build(pool: SqlitePool, table: TableName) -> Self {
        let statements = Statements::of(&table);
        Self {
            shared: Arc::new(Shared {
                pool,
                table,
                statements,
                writer: Writer::default(),
                turns: Turns::default(),
                rooms: Rooms::default(),
            }),
        }
    }
}

/// Without the pool, whose options may hold a key.
impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore")
            .field("table", &self.shared.table.shown())
            .finish_non_exhaustive()
    }
}
