//! Whether the table is what the statements need, told before the first claim.

use sqlx::Row;

use super::PostgresStore;
use super::failure::{failure, missing_rights};
use super::statements::QUOTE;
use crate::store::StoreError;

impl PostgresStore {
    /// Looks at the table and the role's rights on it; the error says what is
    /// missing, and the mend. Call it at start, so that a wrong deployment
    /// fails there and not at its first request.
    pub async fn check(&self) -> Result<(), StoreError> {
        let shared = &*self.shared;
        let table = shared.table.shown();
        let checked = async {
            let row = sqlx::query(shared.statements.check.clone())
                .bind(shared.table.quoted(QUOTE))
                .fetch_one(&shared.pool)
                .await?;
            let names = |column: usize| {
                row.try_get::<Option<Vec<String>>, _>(column)
                    .map(|names| names.unwrap_or_default().join(", "))
            };
            Ok(Found {
                exists: row.try_get(0)?,
                missing: names(1)?,
                wrong: names(2)?,
                unique: row.try_get(3)?,
                rights: names(4)?,
                standby: row.try_get(5)?,
            })
        };
        checked
            .await
            .map_err(|error| failure("check", &shared.table, &error))?
            .judge(&table)
    }
}

/// What the look found; empty texts where nothing is wrong.
struct Found {
    exists: bool,
    missing: String,
    wrong: String,
    unique: bool,
    rights: String,
    standby: bool,
}

impl Found {
    fn judge(self, table: &str) -> Result<(), StoreError> {
        let mend = "call `PostgresStore::migrate` once, or run the SQL in the documentation of \
                    `store::postgres`";
        let what = if !self.exists {
            format!("PostgreSQL has no table {table}; {mend}")
        } else if !self.missing.is_empty() {
            format!("the table {table} has no column {}; {mend}", self.missing)
        } else if !self.wrong.is_empty() {
            format!(
                "the table {table} has columns of another type: {}; alter them, or name another \
                 table by `PostgresStore::table`",
                self.wrong
            )
        } else if !self.unique {
            format!("the table {table} has no unique index on id alone; add its primary key")
        } else if !self.rights.is_empty() {
            return Err(missing_rights(table, &self.rights));
        } else if self.standby {
            "this PostgreSQL is a standby, which takes no claims; connect to the primary, by \
             `target_session_attrs` of a pooler or its own address"
                .to_owned()
        } else {
            return Ok(());
        };
        Err(StoreError::Misconfigured { what })
    }
}
