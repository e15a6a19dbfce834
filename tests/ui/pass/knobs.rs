//! Every knob in every form that it takes.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;
use idempotent_runtime::{Idempotency, Persist, idempotent};

use super::world::{Account, App, Order, Refused, replays};

mod vendor {
    pub(super) use idempotent_runtime as once;
}

#[tokio::test]
async fn header_and_required() {
    #[idempotent(scope = public, header = "Authorization-Id", required = false)]
    async fn optional() -> &'static str {
        "unprotected"
    }
    #[idempotent(scope = public, header = "IDEMPOTENCY-KEY", required = true)]
    async fn spelled() -> &'static str {
        "paid"
    }
    let app = App::new();
    let router = axum::Router::new()
        .route("/{id}", post(optional))
        .with_state(app);
    let (status, body, _) = super::world::send(&router).await;
    assert_eq!((status.as_u16(), body.as_str()), (200, "unprotected"));
    replays(post(spelled)).await;
}

#[tokio::test]
async fn scopes() {
    #[idempotent(scope = (account.id, account.shard, *path, "eu"))]
    async fn tuple(account: Account, Path(path): Path<u32>) -> String {
        format!("{} {path}", account.id)
    }
    #[idempotent(scope = account.id.to_uppercase())]
    async fn owned(account: Account) -> String {
        account.id
    }
    #[idempotent(scope = { let Account { id, .. } = account; id })]
    async fn block(account: Account) -> String {
        account.id
    }
    #[idempotent(scope = if account.shard > 1 { "many" } else { &account.id })]
    async fn branch(account: Account) -> String {
        account.id
    }
    replays(post(tuple)).await;
    replays(post(owned)).await;
    replays(post(block)).await;
    replays(post(branch)).await;
}

#[tokio::test]
async fn keys_and_fingerprints() {
    #[idempotent(scope = public, key = order.id)]
    async fn key(Json(order): Json<Order>) -> String {
        order.id
    }
    #[idempotent(scope = public, key = order.amount, fingerprint = (order, path))]
    async fn fingerprint(Path(path): Path<u32>, Json(order): Json<Order>) -> String {
        format!("{path} {}", order.id)
    }
    #[idempotent(scope = public, fingerprint = none)]
    async fn none(Json(order): Json<Order>) -> String {
        order.id
    }
    replays(post(key)).await;
    replays(post(fingerprint)).await;
    replays(post(none)).await;
}

#[tokio::test]
async fn durations_and_policies() {
    #[idempotent(
        scope = public,
        ttl = "1d12h",
        lease = "1m30s",
        on_conflict = wait("1500ms"),
        on_interrupt = reject,
        max_key_age = "36h",
        name = "knobs.durations",
        state = App,
    )]
    async fn every(State(app): State<App>) -> String {
        app.effects.add().to_string()
    }
    #[idempotent(scope = public, on_conflict = reject, on_interrupt = rerun, persist = default)]
    async fn defaults() -> &'static str {
        "paid"
    }
    // A key that tells no time cannot be too old.
    replays(post(defaults)).await;
    let router = axum::Router::new()
        .route("/{id}", post(every))
        .with_state(App::new());
    let (status, body, _) = super::world::send(&router).await;
    assert!(
        status.is_success() || body.contains("key-"),
        "{status} {body}"
    );
}

#[tokio::test]
async fn persistence_of_responses() {
    fn by(response: &Response) -> Persist {
        if response.status().is_success() {
            Persist::Yes
        } else {
            Persist::No
        }
    }
    #[idempotent(scope = public, persist = success)]
    async fn success() -> &'static str {
        "paid"
    }
    #[idempotent(scope = public, persist = all)]
    async fn all() -> &'static str {
        "paid"
    }
    #[idempotent(scope = public, persist = by)]
    async fn classified() -> &'static str {
        "paid"
    }
    replays(post(success)).await;
    replays(post(all)).await;
    replays(post(classified)).await;
}

#[tokio::test]
async fn persistence_of_results() {
    fn by(result: &Result<u64, Refused>) -> Persist {
        if result.is_err() {
            Persist::Yes
        } else {
            Persist::No
        }
    }
    #[idempotent(store = store, key = id, persist = all)]
    async fn all_results(store: &Idempotency, id: &str, answer: u64) -> Result<u64, Refused> {
        Err(Refused(format!("{answer}")))
    }
    #[idempotent(store = store, key = id, persist = by)]
    async fn classified_results(
        store: &Idempotency,
        id: &str,
        answer: u64,
    ) -> Result<u64, Refused> {
        if answer > 1 {
            Err(Refused(answer.to_string()))
        } else {
            Ok(answer)
        }
    }
    #[idempotent(store = store, key = id, persist = success)]
    async fn success_results(store: &Idempotency, id: &str, answer: u64) -> Result<u64, Refused> {
        Ok(answer)
    }
    let store = Idempotency::in_memory();
    assert_eq!(
        all_results(&store, "a", 1).await,
        all_results(&store, "a", 2).await
    );
    assert_eq!(classified_results(&store, "a", 1).await, Ok(1));
    assert_eq!(
        classified_results(&store, "a", 2).await,
        Err(Refused("2".into()))
    );
    assert_eq!(
        classified_results(&store, "a", 3).await,
        Err(Refused("2".into()))
    );
    assert_eq!(
        success_results(&store, "a", 1).await,
        success_results(&store, "a", 2).await
    );
}

#[tokio::test]
async fn the_runtime_by_another_path() {
    #[vendor::once::idempotent(scope = account.id, crate = self::vendor::once)]
    async fn pay(account: Account) -> String {
        account.id
    }
    replays(post(pay)).await;
}
