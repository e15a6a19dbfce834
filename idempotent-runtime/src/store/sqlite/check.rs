//! Whether the file and the table are what the statements need, told before
//! the first claim.

use sqlx::{Row, SqliteConnection};

use super::failure::failure;
use super::{Shared, SqliteStore};
use crate::store::StoreError;

/// `RETURNING`, `STRICT`, and JSON's functions built in.
const OLDEST: (u32, u32) = (3, 38);
/// The columns that the statements need, and their types.
const COLUMNS: [(&str, &str); 17] = [
    ("id", "BLOB"),
    ("fence", "INTEGER"),
    ("started", "INTEGER"),
    ("lease", "INTEGER"),
    ("lease_until", "INTEGER"),
    ("expires_at", "INTEGER"),
    ("keep_until", "INTEGER"),
    ("attempts", "INTEGER"),
    ("state", "INTEGER"),
    ("previous", "INTEGER"),
    ("ago", "INTEGER"),
    ("token", "BLOB"),
    ("fingerprint", "BLOB"),
    ("operation", "TEXT"),
    ("owner", "TEXT"),
    ("trace", "BLOB"),
    ("answer", "BLOB"),
];

impl SqliteStore {
    /// Looks at the connections' settings, at the table, and at whether this
    /// process may write; the error says what is wrong, and the mend. Call it
    /// at start, so that a wrong deployment fails there and not at its first
    /// request.
    pub async fn check(&self) -> Result<(), StoreError> {
        let shared = &*self.shared;
        let told = |error: &sqlx::Error| failure("check", &shared.table, error);
        let looked = async {
            let mut connection = shared.pool.acquire().await?;
            let settings = Settings::read(&mut connection).await?;
            let columns = shared.columns(&mut connection).await?;
            Ok((settings, columns))
        };
        let (settings, columns) = looked.await.map_err(|error| told(&error))?;
        settings.judge()?;
        judge(&shared.table.shown(), &columns)?;
        sqlx::query(shared.statements.writable.clone())
            .execute(&shared.pool)
            .await
            .map_err(|error| told(&error))?;
        Ok(())
    }
}

/// How a connection is set up.
pub(super) struct Settings {
    version: String,
    journal_mode: String,
    synchronous: i64,
    busy_timeout: i64,
}

impl Settings {
    pub(super) async fn read(connection: &mut SqliteConnection) -> Result<Self, sqlx::Error> {
        Ok(Self {
            version: sqlx::query_scalar("SELECT sqlite_version()")
                .fetch_one(&mut *connection)
                .await?,
            journal_mode: sqlx::query_scalar("PRAGMA journal_mode")
                .fetch_one(&mut *connection)
                .await?,
            synchronous: sqlx::query_scalar("PRAGMA synchronous")
                .fetch_one(&mut *connection)
                .await?,
            busy_timeout: sqlx::query_scalar("PRAGMA busy_timeout")
                .fetch_one(&mut *connection)
                .await?,
        })
    }

    pub(super) fn judge(&self) -> Result<(), StoreError> {
        let mut parts = self
            .version
            .split('.')
            .map(|part| part.parse().unwrap_or(0));
        let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        let what = if version < OLDEST {
            format!("SQLite {} is too old; link 3.38 or later", self.version)
        } else if self.journal_mode == "memory" {
            "this SQLite database is in memory and ends with its connections; name a file, or \
             take the `MemoryStore`"
                .to_owned()
        } else if self.journal_mode != "wal" {
            format!(
                "the SQLite file's journal mode is `{}`, in which readers and writers shut one \
                 another out; set it to `wal`, on a local disk",
                self.journal_mode
            )
        } else if self.synchronous < 2 {
            "the connections' `synchronous` is below FULL: a power failure would forget claims \
             and answers that were acknowledged; set it to FULL"
                .to_owned()
        } else if self.busy_timeout == 0 {
            "the connections have no busy timeout: two writers at once would be an error; set \
             some seconds"
                .to_owned()
        } else {
            return Ok(());
        };
        Err(StoreError::Misconfigured { what })
    }
}

/// A column of the table as it is: its name, its type, whether it is the key.
type Column = (String, String, i64);

impl Shared {
    async fn columns(&self, connection: &mut SqliteConnection) -> Result<Vec<Column>, sqlx::Error> {
        let rows = sqlx::query(self.statements.columns.clone())
            .bind(self.table.name())
            .fetch_all(connection)
            .await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
            .collect()
    }
}

fn judge(table: &str, columns: &[Column]) -> Result<(), StoreError> {
    let mend = "call `SqliteStore::migrate` once, or run the SQL in the documentation of \
                `store::sqlite`";
    let found = |name: &str| columns.iter().find(|column| column.0 == name);
    let missing: Vec<_> = COLUMNS
        .iter()
        .filter(|(name, _)| found(name).is_none())
        .map(|(name, _)| *name)
        .collect();
    let wrong: Vec<_> = COLUMNS
        .iter()
        .filter_map(|(name, wanted)| {
            let (_, found, _) = found(name)?;
            (found != wanted).then(|| format!("{name} ({found} instead of {wanted})"))
        })
        .collect();
    let keys: Vec<_> = columns
        .iter()
        .filter(|column| column.2 > 0)
        .map(|column| &*column.0)
        .collect();
    let what = if columns.is_empty() {
        format!("the SQLite file has no table {table}; {mend}")
    } else if !missing.is_empty() {
        format!(
            "the table {table} has no column {}; {mend}",
            missing.join(", ")
        )
    } else if !wrong.is_empty() {
        format!(
            "the table {table} has columns of another type: {}; name another table by \
             `SqliteStore::table`",
            wrong.join(", ")
        )
    } else if keys != ["id"] {
        format!("the primary key of the table {table} is not id alone; {mend}")
    } else {
        return Ok(());
    };
    Err(StoreError::Misconfigured { what })
}
