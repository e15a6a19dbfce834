//! Whether the server and the table are what the statements need, told before
//! the first claim.

use super::MySqlStore;
use super::Shared;
use super::failure::{failure, is_missing, missing_rights};
use super::statements::{QUOTE, put_in};
use crate::store::StoreError;
use crate::store::sql::Columns;

/// The columns that the statements need, and their types as the server shows
/// them; some show a width.
const COLUMNS: [(&str, &str); 18] = [
    ("id", "binary(32)"),
    ("fence", "bigint"),
    ("started", "bigint"),
    ("lease", "bigint"),
    ("lease_until", "bigint"),
    ("expires_at", "bigint"),
    ("keep_until", "bigint"),
    ("attempts", "int"),
    ("state", "tinyint"),
    ("previous", "tinyint"),
    ("step", "tinyint"),
    ("ago", "bigint"),
    ("token", "binary(16)"),
    ("fingerprint", "binary(33)"),
    ("operation", "text"),
    ("owner", "text"),
    ("trace", "binary(25)"),
    ("answer", "longblob"),
];

/// How many rows the table of slots has.
const SLOTS: i64 = 65_536;

/// Statements that change nothing, each of which needs a right.
const RIGHTS: [(&str, &str); 4] = [
    ("SELECT", "SELECT id FROM idempotency_records WHERE FALSE"),
    (
        "INSERT",
        "INSERT INTO idempotency_records SELECT * FROM idempotency_records WHERE FALSE",
    ),
    (
        "UPDATE",
        "UPDATE idempotency_records SET step = step WHERE FALSE",
    ),
    ("DELETE", "DELETE FROM idempotency_records WHERE FALSE"),
];

impl MySqlStore {
    /// Looks at the server, the table and the user's rights on it; the error
    /// says what is wrong, and the mend. Call it at start, so that a wrong
    /// deployment fails there and not at its first request.
    pub async fn check(&self) -> Result<(), StoreError> {
        let shared = &*self.shared;
        shared.check_server().await?;
        shared.check_table().await?;
        shared.check_rights().await
    }
}

fn misconfigured(what: String) -> Result<(), StoreError> {
    Err(StoreError::Misconfigured { what })
}

impl Shared {
    async fn check_server(&self) -> Result<(), StoreError> {
        let server = self.server("check").await?;
        if !server.is_new_enough() {
            let version = server.version;
            return misconfigured(format!(
                "the server's version is {version}; take MariaDB 10.6 or later, or MySQL 8.0.19 \
                 or later"
            ));
        }
        if server.sql_mode.contains("SIMULTANEOUS_ASSIGNMENT") {
            return misconfigured(
                "the SQL mode SIMULTANEOUS_ASSIGNMENT changes what an UPDATE means; leave it out \
                 for the store's connections"
                    .to_owned(),
            );
        }
        Ok(())
    }

    async fn check_table(&self) -> Result<(), StoreError> {
        let table = self.table.shown();
        let mend = "call `MySqlStore::migrate` once, or run the SQL in the documentation of \
                    `store::mysql`";
        let columns = self.columns().await?;
        let named = |name: &str| columns.iter().find(|column| column.name == name);
        let mut missing = Vec::new();
        let mut wrong = Vec::new();
        for (name, wanted) in COLUMNS {
            match named(name) {
                None => missing.push(name),
                Some(column) if !column.is_a(wanted) => {
                    wrong.push(format!("{name} ({} instead of {wanted})", column.kind));
                }
                Some(_) => {}
            }
        }
        let keys = columns.iter().filter(|column| column.key == "PRI");
        if columns.is_empty() {
            misconfigured(format!("the database has no table {table}; {mend}"))
        } else if !missing.is_empty() {
            let missing = missing.join(", ");
            misconfigured(format!("the table {table} has no column {missing}; {mend}"))
        } else if !wrong.is_empty() {
            misconfigured(format!(
                "the table {table} has columns of another type: {}; alter them, or name another \
                 table by `MySqlStore::table`",
                wrong.join(", ")
            ))
        } else if !keys.map(|column| &*column.name).eq(["id"]) {
            misconfigured(format!(
                "the primary key of the table {table} is not id alone; {mend}"
            ))
        } else {
            self.check_engine(&table).await?;
            self.check_slots(&table).await
        }
    }

    async fn check_engine(&self, table: &str) -> Result<(), StoreError> {
        let row = self
            .row("check", || {
                sqlx::query(self.statements.engine.clone()).bind(self.table.name())
            })
            .await?;
        match row.map(|row| row.text(0)).transpose()? {
            Some(engine) if engine != "InnoDB" => misconfigured(format!(
                "the engine of the table {table} is {engine}; ALTER TABLE {table} ENGINE = InnoDB"
            )),
            _ => Ok(()),
        }
    }

    /// A transaction's claim locks one of them; without it all would be busy.
    async fn check_slots(&self, table: &str) -> Result<(), StoreError> {
        let counted = sqlx::query_scalar::<_, i64>(self.statements.slots.clone())
            .fetch_one(&self.pool)
            .await;
        match counted {
            Ok(SLOTS) => Ok(()),
            Ok(there) => misconfigured(format!(
                "the table of slots beside {table} has {there} rows instead of {SLOTS}; run its \
                 INSERT from the documentation of `store::mysql` again"
            )),
            Err(error) if is_missing(&error) => misconfigured(format!(
                "there is no table of slots beside {table}; call `MySqlStore::migrate` once, or \
                 run the SQL in the documentation of `store::mysql`"
            )),
            Err(error) => Err(failure("check", &self.table, &error)),
        }
    }

    async fn columns(&self) -> Result<Vec<Column>, StoreError> {
        let rows = self
            .rows("check", || {
                sqlx::query(self.statements.columns.clone()).bind(self.table.name())
            })
            .await?;
        let column = |row: &sqlx::mysql::MySqlRow| {
            Ok(Column {
                name: row.text(0)?.to_lowercase(),
                kind: row.text(1)?,
                key: row.text(2)?,
            })
        };
        rows.iter().map(column).collect()
    }

    async fn check_rights(&self) -> Result<(), StoreError> {
        let mut missing = Vec::new();
        for (right, statement) in RIGHTS {
            let tried = sqlx::query(put_in(&self.table, statement))
                .execute(&self.pool)
                .await;
            if let Err(error) = tried {
                match failure("check", &self.table, &error) {
                    StoreError::Misconfigured { what } if what.contains("lacks rights") => {
                        missing.push(right);
                    }
                    other => return Err(other),
                }
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let table = self.table.quoted(QUOTE);
        misconfigured(missing_rights(&table, &missing.join(", ")))
    }
}

/// A column as it is.
struct Column {
    name: String,
    kind: String,
    key: String,
}

impl Column {
    /// Whether it is of a type; MariaDB shows a width, `bigint(20)`, where MySQL
    /// shows none.
    fn is_a(&self, wanted: &str) -> bool {
        let rest = self.kind.to_lowercase();
        rest.strip_prefix(wanted).is_some_and(|rest| {
            let is_width = rest.starts_with('(') && rest.ends_with(')');
            rest.is_empty() || is_width
        })
    }
}
