//! The services downstream, in one: each honours idempotency keys, and keeps a
//! ledger of what it was asked and what it did.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use tokio::net::TcpListener;

#[derive(Clone, Default)]
pub(crate) struct Services(Arc<Mutex<Ledger>>);

#[derive(Default)]
struct Ledger {
    /// The answer of each service's key.
    answers: HashMap<(String, String), String>,
    /// Service and order of each request.
    requests: Vec<(String, String)>,
    /// Service and order of each effect, and its answer.
    effects: Vec<(String, String, String)>,
}

/// What a service has seen of an order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) requests: usize,
    pub(crate) effects: usize,
}

#[derive(Deserialize)]
struct Asked {
    order: String,
}

impl Services {
    pub(crate) async fn serve(&self) -> std::io::Result<SocketAddr> {
        let router = Router::new()
            .route("/{service}", post(act))
            .with_state(self.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(address)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Ledger) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn seen(&self, service: &str, order: &str) -> Seen {
        self.with(|ledger| Seen {
            requests: ledger
                .requests
                .iter()
                .filter(|own| own.0 == service && own.1 == order)
                .count(),
            effects: ledger
                .effects
                .iter()
                .filter(|own| own.0 == service && own.1 == order)
                .count(),
        })
    }

    /// What an order's answer must be, by the services' own word.
    pub(crate) fn answer(&self, order: &str) -> String {
        self.with(|ledger| {
            let of_order = ledger.effects.iter().filter(|own| own.1 == order);
            let answers: Vec<_> = of_order.map(|own| own.2.clone()).collect();
            format!("500: {}", answers.join(", "))
        })
    }
}

/// A key that was seen gets its answer, and nothing is done.
async fn act(
    State(services): State<Services>,
    Path(service): Path<String>,
    headers: HeaderMap,
    Json(Asked { order }): Json<Asked>,
) -> String {
    let key = headers.get("idempotency-key").map(HeaderValue::as_bytes);
    let key = key.map(|key| String::from_utf8_lossy(key).into_owned());
    services.with(|ledger| {
        ledger.requests.push((service.clone(), order.clone()));
        let known = key.map(|key| (service.clone(), key));
        if let Some(answer) = known.as_ref().and_then(|known| ledger.answers.get(known)) {
            return answer.clone();
        }
        let answer = format!("{service} #{}", ledger.effects.len() + 1);
        ledger.effects.push((service, order, answer.clone()));
        if let Some(known) = known {
            ledger.answers.insert(known, answer.clone());
        }
        answer
    })
}
