//! A service whose bodies write an effect in the transaction that carries their
//! record, and then do what the request says.

use axum::extract::{FromRef, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use idempotent_runtime::store::StoreError;
use idempotent_runtime::{Attempt, Idempotency, Transactional, idempotent};
use serde::Deserialize;
use tests::{Account, Ask};

#[path = "fenced_bodies.rs"]
mod fenced_bodies;

#[allow(unused_imports)] // not every database lets an attempt be overtaken
pub(crate) use self::fenced_bodies::operation;
use self::fenced_bodies::{begin_abroad, begin_inside, begin_twice, pay_fenced, pay_late};
use super::{Base, Store, Tx, effect, mistake, unkept_promise};
use crate::gate::Gate;

#[derive(Clone, FromRef)]
pub(crate) struct App {
    transactional: Transactional<Store>,
    idempotency: Idempotency,
    abroad: Abroad,
    gate: Gate,
}

/// A second engine over the same database.
#[derive(Clone)]
pub(super) struct Abroad(pub(super) Transactional<Store>);

/// What a body does after its effect.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Then {
    Pay,
    Refuse,
    Fail,
    Panic,
    /// A statement fails, and the body says nothing of it.
    Swallow,
    /// A statement fails, and the body answers 500.
    Stumble,
    /// Only the commit finds it out.
    Promise,
}

#[derive(Deserialize)]
pub(crate) struct Order {
    key: String,
    then: Then,
}

/// What the bodies answer with when a statement fails.
pub(crate) struct Failure(&'static str);

impl From<sqlx::Error> for Failure {
    fn from(_: sqlx::Error) -> Self {
        Self("the database failed")
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Misconfigured { .. } => Self("misconfigured"),
            other => panic!("{other}"),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0).into_response()
    }
}

/// A service as one process has it.
pub(crate) struct Service {
    pub(crate) transactional: Transactional<Store>,
    pub(crate) gate: Gate,
    router: Router,
}

impl Service {
    /// On a pool of so many connections.
    pub(crate) fn new(base: &Base, connections: u32) -> Self {
        Self::of(base.store(connections))
    }

    pub(crate) fn of(store: Store) -> Self {
        Self::with(Transactional::new(store.clone()), store)
    }

    /// The same with bounds, or records, of its own.
    pub(crate) fn with(transactional: Transactional<Store>, store: Store) -> Self {
        let gate = Gate::new();
        let app = App {
            transactional: transactional.clone(),
            idempotency: transactional.idempotency(),
            abroad: Abroad(Transactional::new(store)),
            gate: gate.clone(),
        };
        let router = Router::new()
            .route("/pay", post(pay))
            .route("/pay-waiting", post(pay_waiting))
            .route("/pay-briefly", post(pay_briefly))
            .route("/pay-fenced", post(pay_fenced))
            .route("/pay-late", post(pay_late))
            .route("/begin-twice", post(begin_twice))
            .route("/begin-abroad", post(begin_abroad))
            .route("/begin-inside", post(begin_inside))
            .with_state(app);
        Self {
            transactional,
            gate,
            router,
        }
    }

    /// A request under this key; its effect has the same name.
    pub(crate) fn ask(&self, uri: &str, key: &str, then: &str) -> Ask {
        Ask::new(self.router.clone(), Method::POST, uri)
            .account("alice")
            .key(key)
            .header("content-type", "application/json")
            .body(format!(r#"{{"key": "{key}", "then": "{then}"}}"#))
    }

    /// A payment under this key.
    pub(crate) fn pay(&self, key: &str, then: &str) -> Ask {
        self.ask("/pay", key, then)
    }
}

#[idempotent(scope = account.0, transaction = tx, state = App)]
async fn pay(
    account: Account,
    State(gate): State<Gate>,
    attempt: Attempt,
    tx: &mut Tx<'_>,
    Json(order): Json<Order>,
) -> Result<Response, Failure> {
    assert!(attempt.fence().get() > 0);
    work(&gate, tx, &order).await
}

#[idempotent(scope = account.0, transaction = tx, on_conflict = wait("20s"))]
async fn pay_waiting(
    account: Account,
    tx: &mut Tx<'_>,
    State(gate): State<Gate>,
    Json(order): Json<Order>,
) -> Result<Response, Failure> {
    work(&gate, tx, &order).await
}

/// The transaction may stand last, too.
#[idempotent(scope = account.0, transaction = tx, lease = "300ms")]
async fn pay_briefly(
    account: Account,
    State(gate): State<Gate>,
    Json(order): Json<Order>,
    tx: &mut Tx<'_>,
) -> Result<Response, Failure> {
    work(&gate, tx, &order).await
}

pub(super) async fn work(gate: &Gate, tx: &mut Tx<'_>, order: &Order) -> Result<Response, Failure> {
    effect(tx, &order.key).await?;
    gate.pass().await;
    let run = gate.count();
    match order.then {
        Then::Pay => {}
        Then::Refuse => {
            return Ok((StatusCode::PAYMENT_REQUIRED, format!("refused {run}")).into_response());
        }
        Then::Fail => return Err(Failure("the database failed")),
        Then::Panic => panic!("a bug in the body"),
        Then::Swallow => assert!(mistake(tx).await.is_err()),
        Then::Stumble => mistake(tx).await?,
        Then::Promise => unkept_promise(tx).await?,
    }
    Ok(format!("paid {run}").into_response())
}
