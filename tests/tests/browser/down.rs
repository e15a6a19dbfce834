//! A page whose store has gone away while something ran.

use axum::{Extension, Router};
use idempotent_runtime::admin::{self, Operator};
use idempotent_runtime::conformance::FaultyStore;
use idempotent_runtime::{Error, Idempotency, MemoryStore, idempotent};
use tokio::net::TcpListener;

/// A body that ends at once, or never.
#[idempotent(store = it, key = key, name = "orders.pay", lease = "30s")]
async fn pay(it: &Idempotency, key: &str, ends: bool) -> Result<u32, Error> {
    if !ends {
        std::future::pending::<()>().await;
    }
    Ok(1)
}

/// The page's address.
pub(crate) async fn start() -> String {
    let store = FaultyStore::new(MemoryStore::new(), 1);
    let idempotency = Idempotency::new(store.clone());
    for key in ["order-1", "order-2", "order-1"] {
        pay(&idempotency, key, true).await.expect("a store");
    }
    let hanging = idempotency.clone();
    tokio::spawn(async move { pay(&hanging, "order-3", false).await });
    while idempotency.in_flight() == 0 {
        tokio::task::yield_now().await;
    }
    store.cut_off();

    let ada = Operator::named("ada").may_act();
    let page = admin::router(&idempotency)
        .actions()
        .protected_by(Extension(ada));
    let app = Router::new().nest("/ops", page);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}/ops")
}
