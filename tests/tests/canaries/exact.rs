//! Bodies whose effects share a transaction with their record, for the database
//! whose module has this file: `Store`, `Tx` and what its statements look like.

use axum::Router;
use axum::body::Bytes;
use axum::extract::FromRef;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use idempotent_runtime::{Transactional, idempotent};
use tests::{Account, Ask, millis};
use tokio::time::sleep;

use super::{INSERT, Store, Tx};
use crate::paths::Service;
use crate::planted::{ANSWER, BODY, PANIC};

#[derive(Clone, FromRef)]
struct Exact {
    transactional: Transactional<Store>,
}

/// What bodies answer with where a statement fails: what a database says may
/// hold values, and is for the caller of the service to keep.
struct Failure(sqlx::Error);

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0.to_string()).into_response()
    }
}

#[idempotent(scope = account.0, transaction = tx, name = "exact", lease = "2s")]
async fn exact(account: Account, tx: &mut Tx<'_>, body: Bytes) -> Result<Response, Failure> {
    work(tx, &body).await
}

#[idempotent(scope = account.0, transaction = tx, claim = before, name = "fenced", lease = "2s")]
async fn fenced(account: Account, tx: &mut Tx<'_>, body: Bytes) -> Result<Response, Failure> {
    work(tx, &body).await
}

/// An effect of the client's text, and then what the text says.
async fn work(tx: &mut Tx<'_>, body: &Bytes) -> Result<Response, Failure> {
    let text = String::from_utf8_lossy(body).into_owned();
    let insert = || sqlx::query(INSERT).bind(text.clone());
    insert().execute(&mut **tx).await?;
    sleep(millis(300)).await;
    match text.strip_prefix(BODY) {
        Some(":panic") => panic!("{PANIC}"),
        // The text is unique in the table: the error names it.
        Some(":twice") => {
            insert().execute(&mut **tx).await?;
        }
        _ => {}
    }
    Ok(ANSWER.into_response())
}

pub(super) fn routes(transactional: Transactional<Store>) -> Router {
    Router::new()
        .route("/exact", post(exact))
        .route("/fenced", post(fenced))
        .with_state(Exact { transactional })
}

/// The service with these bodies too.
pub(super) fn service(store: Store) -> Service {
    let bounds =
        |builder: idempotent_runtime::IdempotencyBuilder| builder.store_timeout(millis(500));
    let transactional = Transactional::tuned(store, bounds).expect("bounds");
    Service::of(transactional.idempotency()).and(routes(transactional))
}

/// All that they do while nothing fails.
pub(super) async fn walk(service: &Service) {
    let ask = |path: &str, key: usize, then: &str| -> Ask {
        let text = format!("{BODY}{then}");
        service.ask(path, key).body(text)
    };
    for (at, path) in [(200, "/exact"), (300, "/fenced")] {
        let done = format!(":{path}");
        for _ in 0..2 {
            assert_eq!(service.send(ask(path, at, &done)).await, 200, "{path}");
        }
        assert_eq!(service.send(ask(path, at, ":another")).await, 422);
        assert_eq!(service.send(ask(path, at + 1, ":panic")).await, 500);
        let twice = service.send(ask(path, at + 2, ":twice")).await;
        assert!(twice.is_server_error(), "{twice}");
        let both = format!(":both{path}");
        let (one, other) = tokio::join!(
            service.send(ask(path, at + 3, &both)),
            service.send(ask(path, at + 3, &both)),
        );
        assert!(one.is_success() || other.is_success(), "{one} {other}");
    }
}
