//! The schema, brought up to date by as many processes at once as may be.

use sqlx::MySqlConnection;

use super::failure::failure;
use super::statements::put_in;
use super::{MySqlStore, Shared};
use crate::store::StoreError;

/// Creates the table of versions, which every later step needs.
const VERSIONS: &str = include_str!("migrations/versions.sql");
/// Version 1, 2, …: never change one that was released, only add. Each can run
/// on a table that has it already: it may have been applied by hand, and a
/// process may die between a version and the note of it, as the server commits
/// each statement that changes a schema by itself.
const MIGRATIONS: [&str; 2] = [
    include_str!("migrations/0001_records.sql"),
    include_str!("migrations/0002_slots.sql"),
];

impl MySqlStore {
    /// Creates the table, or brings an older one up to date; does nothing to
    /// one that is up to date, or newer. Processes that migrate at the same
    /// time wait for one another, for at most a minute.
    ///
    /// The user needs CREATE and INDEX. A service whose user may not calls
    /// [`check`](Self::check) instead.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let shared = &*self.shared;
        let told = |error: sqlx::Error| failure("migrate", &shared.table, &error);
        let mut connection = shared.pool.acquire().await.map_err(told)?;
        // The lock is the connection's, and must not stay with the pool.
        connection.close_on_drop();
        let is_free: Option<i64> = sqlx::query_scalar(shared.statements.lock.clone())
            .fetch_one(&mut *connection)
            .await
            .map_err(told)?;
        if is_free != Some(1) {
            let why = "another process has been migrating for a minute; try again";
            return Err(StoreError::unavailable("migrate", why));
        }
        shared.apply(&mut connection).await.map_err(told)
    }
}

impl Shared {
    async fn apply(&self, connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
        let Self {
            table, statements, ..
        } = self;
        sqlx::raw_sql(put_in(table, VERSIONS))
            .execute(&mut *connection)
            .await?;
        let at: i64 = sqlx::query_scalar(statements.version.clone())
            .bind(table.name())
            .fetch_one(&mut *connection)
            .await?;
        for (version, migration) in (1_i64..)
            .zip(MIGRATIONS)
            .filter(|(version, _)| *version > at)
        {
            sqlx::raw_sql(put_in(table, migration))
                .execute(&mut *connection)
                .await?;
            sqlx::query(statements.applied.clone())
                .bind(table.name())
                .bind(version)
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }
}
