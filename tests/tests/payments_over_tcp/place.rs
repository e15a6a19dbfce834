//! A place of its own in the store under test for each service, so that no test
//! sees another's keys, payments or effects.

use std::sync::atomic::{AtomicU32, Ordering};

/// The store of this URL, or a part of it that nobody else has.
pub(crate) async fn of_its_own(store: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("payments_{}_{number}", std::process::id());
    match store.split_once(':').map(|(scheme, _)| scheme) {
        #[cfg(feature = "postgres")]
        Some("postgres") => database::postgres(store, &name).await,
        #[cfg(feature = "mysql")]
        Some("mysql") => database::mysql(store, &name).await,
        Some("sqlite") => format!("{store}.{name}"),
        Some("redis" | "redis-cluster") => format!("{store}?prefix={name}:"),
        _ => store.to_owned(),
    }
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
mod database {
    use sqlx::{AssertSqlSafe, Connection};

    #[cfg(feature = "postgres")]
    pub(super) async fn postgres(server: &str, name: &str) -> String {
        let mut connection = sqlx::PgConnection::connect(server).await.unwrap();
        // A database is copied from its template, and takes a hundred times as
        // long.
        let sql = format!("CREATE SCHEMA {name}");
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        sql.execute(&mut connection).await.unwrap();
        format!("{server}?options[search_path]={name}")
    }

    #[cfg(feature = "mysql")]
    pub(super) async fn mysql(server: &str, name: &str) -> String {
        let mut connection = sqlx::MySqlConnection::connect(server).await.unwrap();
        let sql = format!("CREATE DATABASE {name} CHARACTER SET utf8mb4");
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        sql.execute(&mut connection).await.unwrap();
        let (server, _) = server.rsplit_once('/').expect("a database's name");
        format!("{server}/{name}")
    }
}
