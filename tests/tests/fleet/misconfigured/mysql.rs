//! MariaDB: no such database, a wrong password, users without rights, a table
//! that somebody dropped.

use sqlx::{AssertSqlSafe, Connection, MySqlConnection};
use xtask::servers::Kind;

use super::{PASSWORD, as_user, asked, is_refused, unhealthy};
use crate::client::payment;
use crate::database::{Backend, Database, shared};
use crate::instances::Instance;

async fn execute(url: &str, sql: &str) {
    let mut connection = MySqlConnection::connect(url).await.unwrap();
    let sql = sqlx::raw_sql(AssertSqlSafe(sql));
    sql.execute(&mut connection).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_of_nothing_is_refused() {
    let server = shared(Kind::MariaDb);
    is_refused(&as_user(&server, "nobody"), &["refused the user"]);
    is_refused(&format!("{server}_gone"), &["no database"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_rights_is_refused_by_what_it_lacks() {
    let server = shared(Kind::MariaDb);
    let database = Database::on(Backend::MySql, &server).await;
    let (_, name) = database.store.rsplit_once('/').unwrap();
    let user = format!("of_{name}");
    let sql = format!(
        "CREATE USER {user}@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';
         GRANT SELECT ON {name}.* TO {user}@'127.0.0.1'"
    );
    execute(&server, &sql).await;
    let store = as_user(&database.store, &user);
    is_refused(&store, &["may not create idempotency_records"]);

    // Tables that somebody else made, without rights on them.
    drop(Instance::start(&database.store, "1s"));
    let grant = format!("GRANT CREATE, INDEX ON {name}.* TO {user}@'127.0.0.1'");
    execute(&server, &grant).await;
    is_refused(&store, &["GRANT", "idempotency_records"]);
    let grant = format!("GRANT INSERT, UPDATE, DELETE ON {name}.* TO {user}@'127.0.0.1'");
    execute(&server, &grant).await;
    let service = Instance::start(&store, "1s");
    let paid = asked(service.address, &payment("k", "tok_ok")).await;
    assert_eq!(paid.status, 201);
    drop(service);
    execute(&server, &format!("DROP USER {user}@'127.0.0.1'")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_gone_is_told() {
    let database = Database::shared(Backend::MySql).await;
    let service = Instance::start(&database.store, "1s");
    execute(&database.store, "DROP TABLE idempotency_records").await;
    let refused = asked(service.address, &payment("k", "tok_ok")).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (503, "store-unavailable")
    );
    let reason = unhealthy(service.address).await;
    assert!(reason.contains("no table idempotency_records"), "{reason}");
    assert!(reason.contains("migrate"), "{reason}");
}
