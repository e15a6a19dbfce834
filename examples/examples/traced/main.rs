//! A retry's trace leads to the trace of the call that did the work:
//! `cargo run -p examples --features otlp --example traced`.
//!
//! `otel.rs` is what a service needs: an exporter, a layer, and the two hooks.
//! `collector.rs` takes what is exported, and this program looks at it: the
//! replay's span is linked to the original's, tells what the call came to, and
//! has nothing of the key, the caller or the payload.

mod collector;
mod look;
mod otel;

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{FromRef, FromRequestParts, Request, State};
use axum::http::{StatusCode, request::Parts};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::{Json, Router, routing::post};
use examples::client::{self, ask};
use idempotent_runtime::{Idempotency, MemoryStore, idempotent};
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::SdkTracerProvider;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use tracing::Instrument;

use crate::collector::Collector;

/// What must not be in any span.
const KEY: &str = "canary-key-3f1c";
const ACCOUNT: &str = "canary-account-9a20";
const CARD: &str = "canary-card-4242";
const RECEIPT: &str = "canary-receipt-77d1";

/// A span of the request and one of the idempotent call, twice.
const SPANS: usize = 4;

#[derive(Clone)]
struct App(Idempotency);

impl FromRef<App> for Idempotency {
    fn from_ref(app: &App) -> Self {
        app.0.clone()
    }
}

/// Who calls.
struct Account(String);

impl<S: Sync> FromRequestParts<S> for Account {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let value = parts.headers.get("authorization");
        let name = value.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        Ok(Self(name.ok_or(StatusCode::UNAUTHORIZED)?.to_owned()))
    }
}

#[idempotent(scope = account.0, name = "payments.pay")]
async fn pay(account: Account, State(_): State<App>, Json(order): Json<Value>) -> Json<Value> {
    tracing::info!(target: otel::OWN, "paid");
    Json(json!({ "receipt": RECEIPT, "by": account.0, "amount": order["amount"] }))
}

/// A span for each request, as the middleware of a service makes it; its own
/// name for it, so that no header or path is in it.
async fn traced(request: Request, next: Next) -> Response {
    let span = tracing::info_span!(target: otel::OWN, "request", otel.kind = "server");
    next.run(request).instrument(span).await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let collector = Collector::start().await?;
    let provider = otel::install(collector.address())?;
    let builder = Idempotency::builder(MemoryStore::new());
    let app = App(otel::hooks(builder).build()?);
    let router = Router::new().route("/pay", post(pay)).with_state(app);
    let server = serve(router.layer(from_fn(traced))).await?;

    let request = client::Request::post("/pay")
        .account(ACCOUNT)
        .key(KEY)
        .json(&json!({ "amount": 1250, "card": CARD }));
    let first = ask(server, &request).await?;
    let retry = ask(server, &request).await?;
    assert_eq!((first.status, first.is_replay()), (200, false));
    assert_eq!((retry.status, retry.is_replay()), (200, true));
    assert_eq!(retry.body, first.body);

    let patience = Duration::from_secs(10);
    timeout(patience, exported(&provider, &collector)).await??;
    look::at(&collector);
    println!("ok: 1 payment, 1 replay, linked to its original");
    spawn_blocking(move || provider.shutdown()).await??;
    Ok(())
}

/// Flushes until every span is there: they end a little after their answers.
async fn exported(provider: &SdkTracerProvider, collector: &Collector) -> OTelSdkResult {
    while collector.spans().len() < SPANS {
        let provider = provider.clone();
        let flushed = spawn_blocking(move || provider.force_flush()).await;
        flushed.map_err(|died| OTelSdkError::InternalFailure(died.to_string()))??;
        sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

/// Serves on a free port.
async fn serve(router: Router) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}
