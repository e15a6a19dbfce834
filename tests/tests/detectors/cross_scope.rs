//! Keys in two scopes.

use idempotent_runtime::findings::FindingKind::CrossScopeKey;
use idempotent_runtime::{Idempotency, idempotent};
use tests::{Meter, World, seconds};
use tokio::time::sleep;

use crate::{found, routes};

const UUID: &str = "8e03978e-40d5-43dd-bc93-6894a57f9324";

fn tuned(
    builder: idempotent_runtime::IdempotencyBuilder,
) -> idempotent_runtime::IdempotencyBuilder {
    builder.detector_slots(Idempotency::DETECTOR_SLOTS)
}

async fn pay(world: &World, account: &str, key: &str) {
    // Another body each: the requests are not the same.
    let body = account.to_owned();
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
