//! Exactly once with another library's transactions: `cargo run --example
//! sea_orm --features sea-orm`.
//!
//! The handler writes by `SeaORM`, in a transaction of `SeaORM`'s, and the record
//! of its key is committed by the same transaction. `session.rs` is all that it
//! takes: how to run a statement in it; `store.rs`: how to open and end one.

mod session;
mod store;

use std::error::Error;
use std::net::SocketAddr;

use axum::extract::FromRef;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing::post};
use examples::client::{Reply, Request, ask};
use idempotent_runtime::{SqliteStore, Transactional, idempotent};
use sea_orm::sea_query::{Alias, Query};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbErr};
use serde_json::json;
use tokio::net::TcpListener;

use session::OrmTransaction;
use store::Orm;

#[derive(Clone)]
struct App {
    transactional: Transactional<Orm>,
}

impl FromRef<App> for Transactional<Orm> {
    fn from_ref(app: &App) -> Self {
        app.transactional.clone()
    }
}

/// Inserts a payment; refuses one of 13 after it has written it.
#[idempotent(scope = public, transaction = tx, state = App, name = "orm.pay")]
async fn pay(tx: &mut OrmTransaction, Json(amount): Json<i64>) -> Result<String, Refused> {
    let insert = Query::insert()
        .into_table(Alias::new("payments"))
        .columns([Alias::new("amount")])
        .values_panic([amount.into()])
        .to_owned();
    let inserted = tx.connection().execute(&insert).await?;
    if amount == 13 {
        return Err(Refused::Unlucky);
    }
    Ok(format!("payment {}", inserted.last_insert_id()))
}

enum Refused {
    Unlucky,
    Database,
}

impl From<DbErr> for Refused {
    fn from(_: DbErr) -> Self {
        Self::Database
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Unlucky => (StatusCode::UNPROCESSABLE_ENTITY, "not 13").into_response(),
            Self::Database => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::temp_dir().join(format!("sea-orm-{}.db", std::process::id()));
    let url = format!("sqlite://{}?mode=rwc", file.display());
    let shown = show(&url).await;
    // With what SQLite keeps beside it.
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
    }
    shown
}

async fn show(url: &str) -> Result<(), Box<dyn Error>> {
    let records = SqliteStore::connect(url).await?;
    records.migrate().await?;
    let orm = Database::connect(url).await?;
    orm.execute_unprepared("CREATE TABLE payments (id INTEGER PRIMARY KEY, amount INTEGER)")
        .await?;
    let transactional = Transactional::new(Orm::new(orm.clone(), records));
    let server = serve(App { transactional }).await?;

    let duplicates = (0..8).map(|_| tokio::spawn(send(server, "order-1", 1250)));
    for duplicate in duplicates.collect::<Vec<_>>() {
        let status = duplicate.await??.status;
        assert!(matches!(status, 200 | 409), "{status}");
    }
    println!("8 duplicates at once: {} payment", payments(&orm).await?);
    let again = send(server, "order-1", 1250).await?;
    println!("a retry: {}", String::from_utf8_lossy(&again.body));
    assert!(again.is_replay() && payments(&orm).await? == 1);

    for _ in 0..2 {
        let refused = send(server, "order-2", 13).await?;
        let body = String::from_utf8_lossy(&refused.body);
        assert_eq!((refused.status, &*body), (422, "not 13"));
    }
    println!("refused twice, with what it had written undone");
    let paid = payments(&orm).await?;
    assert_eq!(paid, 1);
    println!("ok: 11 requests, 2 keys, {paid} payment");
    Ok(())
}

async fn serve(app: App) -> std::io::Result<SocketAddr> {
    let router = Router::new().route("/pay", post(pay)).with_state(app);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

async fn send(server: SocketAddr, key: &str, amount: i64) -> std::io::Result<Reply> {
    ask(server, &Request::post("/pay").key(key).json(&json!(amount))).await
}

async fn payments(orm: &DatabaseConnection) -> Result<i64, DbErr> {
    let backend = orm.get_database_backend();
    let count = sea_orm::Statement::from_string(backend, "SELECT count(*) FROM payments");
    match orm.query_one_raw(count).await? {
        Some(row) => row.try_get_by_index(0),
        None => Ok(0),
    }
}
