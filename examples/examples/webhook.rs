//! A webhook whose key is in its body: `cargo run --example webhook`.
//!
//! Senders deliver at least once, with the same event id and other bytes each
//! time (a counter, a time). So the key is the event's id, there is no header,
//! and the bytes are not compared.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use axum::extract::{FromRef, FromRequestParts, State};
use axum::http::{StatusCode, request::Parts};
use axum::{Json, Router, routing::post};
use examples::client::{Reply, Request, ask};
use idempotent_runtime::{Idempotency, idempotent};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;

#[derive(Clone)]
struct App {
    idempotency: Idempotency,
    shipped: Arc<AtomicU64>,
}

impl FromRef<App> for Idempotency {
    fn from_ref(app: &App) -> Self {
        app.idempotency.clone()
    }
}

/// A sender that proved who it is (here by a shared secret; in earnest by a
/// signature over the body). An extractor, so that it comes before the key: a
/// stranger can neither use up an event's id nor read its answer.
struct Sender(&'static str);

impl<S: Sync> FromRequestParts<S> for Sender {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        match parts.headers.get("webhook-secret") {
            Some(secret) if secret == "s3cret" => Ok(Self("shop")),
            _ => Err(StatusCode::UNAUTHORIZED),
        }
    }
}

#[derive(Deserialize)]
struct Event {
    id: String,
    order: u64,
    attempt: u32,
}

/// A duplicate waits for the first one's answer, as senders read any refusal as
/// "send it once more".
#[idempotent(scope = sender.0, key = event.id, on_conflict = wait("5s"), name = "orders.paid")]
async fn paid(
    sender: Sender,
    State(app): State<App>,
    Json(event): Json<Event>,
) -> Result<String, StatusCode> {
    if event.order == 13 && event.attempt == 1 {
        // Not final: the key is free again, and the redelivery runs.
        return Err(StatusCode::SERVICE_UNAVAILABLE);
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    let shipment = app.shipped.fetch_add(1, SeqCst) + 1;
    Ok(format!(
        "{}: order {} is shipment {shipment}",
        sender.0, event.order
    ))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let shipped = Arc::new(AtomicU64::new(0));
    let app = App {
        idempotency: Idempotency::in_memory(),
        shipped: Arc::clone(&shipped),
    };
    let router = Router::new().route("/events", post(paid)).with_state(app);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    let deliver = |id, order, attempt| async move {
        let event = event(id, order, attempt).header("webhook-secret", "s3cret");
        ask(server, &event).await
    };
    let show = |what: &str, reply: &Reply, expected: (u16, &str, u64)| {
        let body = String::from_utf8_lossy(&reply.body);
        let seen = (reply.status, &*body, shipped.load(SeqCst));
        println!("{what}: {} \"{}\" (shipped: {})", seen.0, seen.1, seen.2);
        assert_eq!(seen, expected, "{what}");
    };

    let (first, second) = tokio::join!(deliver("evt_1", 7, 1), deliver("evt_1", 7, 2));
    let answer = "shop: order 7 is shipment 1";
    show("delivered twice at once", &first?, (200, answer, 1));
    show("  the other one waited", &second?, (200, answer, 1));
    let again = deliver("evt_1", 7, 3).await?;
    show("delivered once more", &again, (200, answer, 1));
    assert!(again.is_replay());

    let failed = deliver("evt_2", 13, 1).await?;
    show("an event that fails", &failed, (503, "", 1));
    let redelivered = deliver("evt_2", 13, 2).await?;
    let answer = "shop: order 13 is shipment 2";
    show("  delivered again", &redelivered, (200, answer, 2));

    let forged = ask(server, &event("evt_3", 666, 1)).await?;
    show("a stranger's event", &forged, (401, "", 2));

    println!(
        "ok: 2 events, 5 deliveries, {} shipments",
        shipped.load(SeqCst)
    );
    Ok(())
}

fn event(id: &str, order: u64, attempt: u32) -> Request {
    Request::post("/events").json(&json!({ "id": id, "order": order, "attempt": attempt }))
}
