//! Keys in two scopes.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use idempotent_runtime::findings::FindingKind::{CrossScopeKey, KeysTried};
use idempotent_runtime::{Idempotency, idempotent};
use tests::{Account, App, Logged, Meter, World, seconds};
use tokio::time::sleep;

use crate::{count, found, routes};

const UUID: &str = "8e03978e-40d5-43dd-bc93-6894a57f9324";

fn tuned(
    builder: idempotent_runtime::IdempotencyBuilder,
) -> idempotent_runtime::IdempotencyBuilder {
    builder.detector_slots(Idempotency::DETECTOR_SLOTS)
}

async fn pay(world: &World, account: &str, key: &str) {
    // Another body each: the requests are not the same.
    let body = format!("{account} {key}");
    world
        .post("/pay")
        .account(account)
        .key(key)
        .body(body)
        .send()
        .await;
}

#[tokio::test(start_paused = true)]
async fn one_uuid_under_two_accounts_is_found() {
    let (meter, world) = (Meter::install(), World::tuned(routes(), tuned));
    pay(&world, "alice", UUID).await;
    pay(&world, "alice", UUID).await;
    assert_eq!(found(&world.idempotency), []);
    pay(&world, "bob", UUID).await;
    assert_eq!(
        found(&world.idempotency),
        [(CrossScopeKey, "pay".to_owned(), 1)]
    );
    assert_eq!(meter.get("idempotency_cross_scope_keys_total", &[]), 1.0);
}

/// Keys of alice, each of which somebody else then uses, so long after the last.
async fn tried(world: &World, keys: usize, pause: u64) {
    for n in 0..keys {
        let key = format!("{UUID}-{n}");
        pay(world, "alice", &key).await;
        pay(world, "mallory", &key).await;
        sleep(seconds(pause)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn twenty_within_a_minute_are_someone_who_tries_keys() {
    let logged = Logged::install();
    let world = World::tuned(routes(), tuned);
    tried(&world, 19, 2).await;
    assert_eq!(count(&world, KeysTried), 0);
    pay(&world, "alice", UUID).await;
    pay(&world, "mallory", UUID).await;
    assert_eq!(
        found(&world.idempotency),
        [
            (KeysTried, "pay".to_owned(), 1),
            (CrossScopeKey, "pay".to_owned(), 20)
        ]
    );
    let told = logged.lines(&["WARN", "keys tried", "someone tries keys"]);
    assert_eq!(told.len(), 1, "{told:#?}");
}

#[tokio::test(start_paused = true)]
async fn a_scope_that_changes_now_and_then_is_not() {
    let world = World::tuned(routes(), tuned);
    tried(&world, 60, 4).await;
    assert_eq!(count(&world, CrossScopeKey), 60);
    assert_eq!(count(&world, KeysTried), 0);
}

#[tokio::test(start_paused = true)]
async fn a_short_key_under_two_accounts_is_chance() {
    let world = World::tuned(routes(), tuned);
    pay(&world, "alice", "1001").await;
    pay(&world, "bob", "1001").await;
    assert_eq!(found(&world.idempotency), []);
}

#[tokio::test(start_paused = true)]
async fn long_after_it_is_forgotten() {
    let world = World::tuned(routes(), tuned);
    pay(&world, "alice", UUID).await;
    sleep(seconds(700)).await;
    pay(&world, "bob", UUID).await;
    assert_eq!(found(&world.idempotency), []);
}

#[tokio::test(start_paused = true)]
async fn an_order_number_of_two_accounts_is_no_clients_key() {
    #[idempotent(store = idempotency, key = order, scope = account, name = "ship_by_account")]
    async fn ship(
        idempotency: &Idempotency,
        account: &str,
        order: &str,
    ) -> Result<(), tests::Refusal> {
        Ok(())
    }
    let world = World::tuned(routes(), tuned);
    for account in ["alice", "bob"] {
        ship(&world.idempotency, account, UUID).await.unwrap();
    }
    assert_eq!(found(&world.idempotency), []);
}

#[tokio::test(start_paused = true)]
async fn a_key_of_two_callers_in_the_one_scope_of_all_is_in_no_second_scope() {
    #[idempotent(scope = public, name = "subscribe")]
    async fn subscribe(State(app): State<App>, _: Account) -> Response {
        app.work.run().await
    }
    let world = World::tuned(Router::new().route("/subscribe", post(subscribe)), tuned);
    for account in ["alice", "bob"] {
        let ask = world.post("/subscribe").account(account).key(UUID);
        assert_eq!(ask.send().await.status, 200);
    }
    assert_eq!(found(&world.idempotency), []);
}
