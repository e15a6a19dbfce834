//! Plain async functions: their arguments and stores.

use std::sync::Arc;

use idempotent_runtime::{Idempotency, idempotent};

use super::world::{App, Order, Refused};

#[tokio::test]
async fn free_with_references() {
    #[idempotent(store = app.idempotency, key = order.id, fingerprint = order)]
    async fn charge_borrowed(app: &App, order: &Order) -> Result<u64, Refused> {
        Ok(app.effects.add() + order.amount)
    }
    let (app, order) = (App::new(), Order::new());
    assert_eq!(charge_borrowed(&app, &order).await, Ok(6));
    assert_eq!(charge_borrowed(&app, &order).await, Ok(6));
    assert_eq!(app.effects.count(), 1);
    let other = Order { amount: 7, ..order };
    assert!(charge_borrowed(&app, &other).await.is_err());
}

#[tokio::test]
async fn owned_and_mutable_arguments() {
    #[idempotent(store = app.idempotency, key = order.id)]
    async fn charge_owned(app: App, mut order: Order) -> Result<Order, Refused> {
        order.amount += app.effects.add();
        Ok(order)
    }
    let app = App::new();
    let first = charge_owned(app.clone(), Order::new())
        .await
        .expect("an answer");
    let second = charge_owned(app.clone(), Order::new())
        .await
        .expect("an answer");
    assert_eq!((first.amount, second.amount), (6, 6));
}

#[tokio::test]
async fn destructured_arguments() {
    #[idempotent(store = idempotency, key = format!("{id}!"), scope = (amount, line))]
    async fn charge_parts(
        App {
            ref idempotency,
            effects,
        }: App,
        Order { ref id, amount }: Order,
        (line, _): (u32, u32),
        [first, ..]: [u64; 3],
        (): (),
    ) -> Result<String, Refused> {
        Ok(format!("{id} {amount} {line} {first} {}", effects.add()))
    }
    let app = App::new();
    let first = charge_parts(app.clone(), Order::new(), (1, 2), [3, 4, 5], ()).await;
    assert_eq!(first.as_deref(), Ok("order-1 5 1 3 1"));
    assert_eq!(
        charge_parts(app, Order::new(), (1, 2), [3, 4, 5], ()).await,
        first
    );
}

#[tokio::test]
async fn mutable_references() {
    #[idempotent(store = store, key = id)]
    async fn charge_total(store: &Idempotency, total: &mut u64, id: u64) -> Result<u64, Refused> {
        *total += id;
        Ok(*total)
    }
    let (store, mut total) = (Idempotency::in_memory(), 0);
    assert_eq!(charge_total(&store, &mut total, 5).await, Ok(5));
    assert_eq!(charge_total(&store, &mut total, 5).await, Ok(5));
    assert_eq!(charge_total(&store, &mut total, 6).await, Ok(11));
}

#[tokio::test]
async fn stores_of_every_kind() {
    #[idempotent(store = Idempotency::in_memory(), key = id)]
    async fn fresh(id: &str) -> Result<String, Refused> {
        Ok(id.to_owned())
    }
    #[idempotent(store = &app.idempotency, key = id)]
    async fn borrowed(app: &App, id: &str) -> Result<String, Refused> {
        Ok(id.to_owned())
    }
    #[idempotent(store = store, key = id)]
    async fn shared(store: Arc<Idempotency>, id: &str) -> Result<String, Refused> {
        Ok(id.to_owned())
    }
    assert!(fresh("a").await.is_ok());
    assert!(borrowed(&App::new(), "a").await.is_ok());
    assert!(
        shared(Arc::new(Idempotency::in_memory()), "a")
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn cfg_and_attributes_on_arguments() {
    #[idempotent(store = app.idempotency, key = id)]
    async fn charge_configured(
        app: &App,
        #[allow(unused_variables)] id: &str,
        #[cfg(not(test))] absent: Nowhere,
    ) -> Result<u64, Refused> {
        Ok(app.effects.add())
    }
    let app = App::new();
    assert_eq!(
        charge_configured(&app, "a").await,
        charge_configured(&app, "a").await
    );
}
