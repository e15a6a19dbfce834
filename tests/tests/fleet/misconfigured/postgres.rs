//! PostgreSQL: no such database, a wrong password, roles without rights, a table
//! that somebody dropped.

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use xtask::servers::Kind;

use super::{PASSWORD, as_user, asked, is_refused, unhealthy};
use crate::client::payment;
use crate::database::{Backend, Database, shared};
use crate::instances::Instance;

async fn execute(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let sql = sqlx::raw_sql(AssertSqlSafe(sql));
    sql.execute(&mut connection).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_of_nothing_is_refused() {
    let server = shared(Kind::Postgres);
    is_refused(&as_user(&server, "nobody"), &["role or password"]);
    is_refused(&format!("{server}_gone"), &["no database"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_without_rights_is_refused_by_what_it_lacks() {
    let server = shared(Kind::Postgres);
    let database = Database::on(Backend::Postgres, &server).await;
    let (_, schema) = database.store.rsplit_once('=').unwrap();
    let role = format!("role_of_{schema}");
    let sql = format!(
        "CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'; GRANT USAGE ON SCHEMA {schema} TO {role}"
    );
    execute(&server, &sql).await;
    let store = as_user(&database.store, &role);
    is_refused(&store, &["may not create idempotency_records"]);

    // Tables that another role owns, without rights on them.
    drop(Instance::start(&database.store, "1s"));
    let grant = format!("GRANT CREATE ON SCHEMA {schema} TO {role}");
    execute(&server, &grant).await;
    is_refused(&store, &["migrate as a role that owns the schema"]);
    let grant =
        format!("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}");
    execute(&server, &grant).await;
    is_refused(&store, &["payments' database refused", "may create"]);
    let sql = format!("DROP OWNED BY {role}; DROP ROLE {role}");
    execute(&server, &sql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_gone_is_told() {
    let database = Database::shared(Backend::Postgres).await;
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
