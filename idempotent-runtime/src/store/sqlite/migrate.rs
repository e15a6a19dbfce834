//! The schema, brought up to date by as many processes at once as may be.

use sqlx::Connection;

use super::failure::failure;
use super::statements::put_in;
use super::{Shared, SqliteStore};
use crate::store::StoreError;

/// Creates the table of versions, which every later step needs.
const VERSIONS: &str = include_str!("migrations/versions.sql");
/// Version 1, 2, …: never change one that was released, only add. Each can run
/// on a table that has it already, as it may have been applied by hand.
const MIGRATIONS: [&str; 1] = [include_str!("migrations/0001_records.sql")];

impl SqliteStore {
    /// Creates the table, or brings an older one up to date; does nothing to
    /// one that is up to date, or newer. Processes that migrate at the same
    /// time wait for one another. All of it is one transaction.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let shared = &*self.shared;
        shared
            .apply()
            .await
            .map_err(|error| failure("migrate", &shared.table, &error))
    }
}

impl Shared {
    async fn apply(&self) -> Result<(), sqlx::Error> {
        let Self {
            table, statements, ..
        } = self;
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::raw_sql(put_in(table, VERSIONS))
            .execute(&mut *transaction)
            .await?;
        let at: i64 = sqlx::query_scalar(statements.version.clone())
            .bind(table.name())
            .fetch_one(&mut *transaction)
            .await?;
        for (version, migration) in (1_i64..)
            .zip(MIGRATIONS)
            .filter(|(version, _)| *version > at)
        {
            sqlx::raw_sql(put_in(table, migration))
                .execute(&mut *transaction)
                .await?;
            sqlx::query(statements.applied.clone())
                .bind(table.name())
                .bind(version)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await
    }
}
