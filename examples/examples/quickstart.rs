//! The main job in one run: `cargo run --example quickstart`.
//!
//! A real server on a free port, requests over real TCP, and a counter of what
//! the handler did. Every scene asserts what it prints.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use axum::extract::{FromRef, FromRequestParts, State};
use axum::http::{StatusCode, request::Parts};
use axum::{Json, Router, routing::post};
use examples::client::{Reply, Request, ask, hang_up_after};
use idempotent_runtime::{Idempotency, idempotent};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::sleep;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The router's state: it has the store of keys and answers.
#[derive(Clone)]
struct App {
    idempotency: Idempotency,
    effects: Arc<AtomicU64>,
}

// `#[derive(FromRef)]`, with axum's feature `macros`, writes this.
impl FromRef<App> for Idempotency {
    fn from_ref(app: &App) -> Self {
        app.idempotency.clone()
    }
}

/// Who calls. The handler's `scope`: another account's key is another key.
struct Account(String);

impl<S: Sync> FromRequestParts<S> for Account {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let value = parts.headers.get("authorization");
        let name = value.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let name = name.ok_or(StatusCode::UNAUTHORIZED)?;
        Ok(Self(name.to_owned()))
    }
}

/// The handler: one line makes it safe to retry.
#[idempotent(scope = account.0)]
async fn pay(account: Account, State(app): State<App>, Json(order): Json<Value>) -> Json<Value> {
    let number = app.effects.fetch_add(1, SeqCst) + 1;
    sleep(Duration::from_millis(100)).await;
    Json(json!({ "payment": number, "by": account.0, "amount": order["amount"] }))
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let (idempotency, effects) = (Idempotency::in_memory(), Arc::default());
    let app = App {
        idempotency,
        effects: Arc::clone(&effects),
    };
    let router = Router::new().route("/pay", post(pay)).with_state(app);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    println!("a server on http://{server}, and clients over TCP\n");

    let first = ask(server, &order(1250).key("order-1")).await?;
    scene("first request", &first, &effects, (200, 1));
    assert!(!first.is_replay());

    for _ in 0..5 {
        let retry = ask(server, &order(1250).key("order-1")).await?;
        assert_eq!((retry.status, &retry.body), (200, &first.body));
        assert!(retry.is_replay());
    }
    scene("five retries: the same bytes", &first, &effects, (200, 1));

    let (answered, conflicts) = fifty_at_once(server, &order(80).key("order-2")).await?;
    println!("  {answered} answered, {conflicts} refused with 409 and Retry-After");
    let after = ask(server, &order(80).key("order-2")).await?;
    scene("fifty duplicates at once", &after, &effects, (200, 2));

    let changed = ask(server, &order(9999).key("order-1")).await?;
    scene("the same key, another amount", &changed, &effects, (422, 2));
    assert_eq!(changed.code(), "key-reused");

    let keyless = ask(server, &order(1250)).await?;
    scene("no key", &keyless, &effects, (400, 2));
    assert_eq!(keyless.code(), "key-missing");

    let request = order(300).key("order-3");
    hang_up_after(server, &request, Duration::from_millis(20)).await?;
    let retry = until_answered(server, &request).await?;
    scene("a client hangs up, and retries", &retry, &effects, (200, 3));
    assert!(retry.is_replay(), "the payment went on without its client");

    let effects = effects.load(SeqCst);
    println!("\nok: 3 orders, {effects} effects, however often they were sent");
    Ok(())
}

/// A request for a payment.
fn order(amount: u32) -> Request {
    Request::post("/pay")
        .account("acme")
        .json(&json!({ "amount": amount }))
}

/// Prints what happened, and asserts it.
fn scene(what: &str, reply: &Reply, effects: &AtomicU64, expected: (u16, u64)) {
    let seen = (reply.status, effects.load(SeqCst));
    println!("{what}: {} (effects so far: {})", seen.0, seen.1);
    assert_eq!(seen, expected, "{what}");
}

/// Sends copies of one request together; how many were answered, and how many
/// were told to come again.
async fn fifty_at_once(server: SocketAddr, request: &Request) -> Outcome<(usize, usize)> {
    let mut copies = JoinSet::new();
    for _ in 0..50 {
        let request = request.clone();
        copies.spawn(async move { ask(server, &request).await });
    }
    let (mut answered, mut conflicts) = (0, 0);
    while let Some(reply) = copies.join_next().await {
        let reply = reply??;
        if reply.status == 200 {
            answered += 1;
            continue;
        }
        assert_eq!((reply.status, reply.code().as_str()), (409, "in-flight"));
        assert!(reply.header("retry-after").is_some());
        conflicts += 1;
    }
    assert!(answered >= 1 && answered + conflicts == 50);
    Ok((answered, conflicts))
}

/// Retries while the first attempt runs; sooner than `Retry-After` says, as this
/// is a demonstration.
async fn until_answered(server: SocketAddr, request: &Request) -> Outcome<Reply> {
    loop {
        let reply = ask(server, request).await?;
        if reply.status != 409 {
            return Ok(reply);
        }
        sleep(Duration::from_millis(20)).await;
    }
}
