//! MariaDB and MySQL differ in one thing here: whether an INSERT can return
//! its row.

use sqlx::Row;

use super::Shared;
use super::failure::failure;
use crate::store::StoreError;

/// How a claim learns what holds after its upsert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// From the upsert itself.
    MariaDb,
    /// From a SELECT after it.
    MySql,
}

/// What the server says of itself.
pub(super) struct Server {
    pub(super) version: String,
    pub(super) sql_mode: String,
}

impl Server {
    /// `11.4.2-MariaDB`, `5.5.5-10.11.6-MariaDB-0+deb12u1`, `8.0.36`.
    pub(super) fn numbers(&self) -> (Dialect, u32, u32) {
        // An old prefix, for clients that could not read 10.
        let version = self.version.strip_prefix("5.5.5-").unwrap_or(&self.version);
        let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
        let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        let dialect = if self.version.contains("MariaDB") {
            Dialect::MariaDb
        } else {
            Dialect::MySql
        };
        (dialect, major, minor)
    }

    /// Whether it has the statements that we use.
    pub(super) fn is_new_enough(&self) -> bool {
        match self.numbers() {
            (Dialect::MariaDb, major, minor) => (major, minor) >= (10, 6),
            (Dialect::MySql, major, _) => major >= 8,
        }
    }
}

impl Shared {
    /// Asked once.
    pub(super) async fn dialect(&self, verb: &'static str) -> Result<Dialect, StoreError> {
        let asked = async { Ok(self.server(verb).await?.numbers().0) };
        self.dialect.get_or_try_init(|| asked).await.copied()
    }

    pub(super) async fn server(&self, verb: &'static str) -> Result<Server, StoreError> {
        let row = self
            .row(verb, || sqlx::query(self.statements.server.clone()))
            .await?;
        let read = |row: sqlx::mysql::MySqlRow| {
            Ok(Server {
                version: row.try_get(0)?,
                sql_mode: row.try_get(1)?,
            })
        };
        row.map_or(Err(sqlx::Error::RowNotFound), read)
            .map_err(|error| failure(verb, &self.table, &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_tells_what_the_server_is_and_can_do() {
        let of = |version: &str| {
            let server = Server {
                version: version.to_owned(),
                sql_mode: String::new(),
            };
            (server.numbers(), server.is_new_enough())
        };
        let mariadb = |major, minor, can| ((Dialect::MariaDb, major, minor), can);
        let mysql = |major, minor, can| ((Dialect::MySql, major, minor), can);
        assert_eq!(of("11.4.2-MariaDB-log"), mariadb(11, 4, true));
        assert_eq!(of("5.5.5-10.11.6-MariaDB-0+deb12u1"), mariadb(10, 11, true));
        assert_eq!(of("10.5.23-MariaDB"), mariadb(10, 5, false));
        assert_eq!(of("8.0.36-0ubuntu0.22.04.1"), mysql(8, 0, true));
        assert_eq!(of("9.1.0"), mysql(9, 1, true));
        assert_eq!(of("5.7.44-log"), mysql(5, 7, false));
    }
}
