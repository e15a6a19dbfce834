//! Plain async functions: arguments, bodies and stores.

use std::sync::Arc;

use idempotent_runtime::{Attempt, Idempotency, idempotent};

use super::world::{App, Effects, Order, Refused};

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
    #[idempotent(store = idempotency, key = (*id).to_owned() + "!", scope = (amount, line))]
    async fn charge_parts(
        App {
            ref idempotency,
            effects,
        }: App,
        Order { ref id, amount }: Order,
        (line, _): (u32, u32),
        [first, ..]: [u64; 3],
        _: (),
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
async fn early_returns_and_question_marks() {
    #[idempotent(store = store, key = text)]
    async fn parse(store: &Idempotency, effects: &Effects, text: &str) -> Result<u64, Refused> {
        effects.add();
        if text.is_empty() {
            return Err(Refused("empty".into()));
        }
        for digit in text.chars() {
            if digit == '9' {
                return Ok(9);
            }
        }
        let number: u64 = text.parse().map_err(|_| Refused("no number".into()))?;
        Ok(number)
    }
    let (store, effects) = (Idempotency::in_memory(), Effects::default());
    assert_eq!(
        parse(&store, &effects, "x").await,
        Err(Refused("no number".into()))
    );
    assert_eq!(
        parse(&store, &effects, "x").await,
        Err(Refused("no number".into()))
    );
    assert_eq!(effects.count(), 2, "an error is not final");
    assert_eq!(parse(&store, &effects, "19").await, Ok(9));
    assert_eq!(parse(&store, &effects, "19").await, Ok(9));
    assert_eq!(effects.count(), 3);
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
async fn unit_answers_and_the_attempt() {
    #[idempotent(store = app.idempotency, key = "nightly", scope = day, ttl = "7d", lease = "10s")]
    async fn nightly(app: &App, day: u32) -> Result<(), Refused> {
        assert!(Attempt::current().is_some());
        app.effects.add();
        Ok(())
    }
    let app = App::new();
    assert_eq!(nightly(&app, 1).await, Ok(()));
    assert_eq!(nightly(&app, 1).await, Ok(()));
    assert_eq!(nightly(&app, 2).await, Ok(()));
    assert_eq!(app.effects.count(), 2);
}

#[tokio::test]
async fn instrument_above_and_below() {
    #[tracing::instrument(skip_all)]
    #[idempotent(store = app.idempotency, key = id)]
    async fn above(app: &App, id: &str) -> Result<String, Refused> {
        Ok(format!("{id} {}", app.effects.add()))
    }
    #[idempotent(store = app.idempotency, key = id)]
    #[tracing::instrument(skip(app), err)]
    async fn below(app: &App, id: &str) -> Result<String, Refused> {
        Ok(format!("{id} {}", app.effects.add()))
    }
    let app = App::new();
    assert_eq!(above(&app, "a").await, above(&app, "a").await);
    assert_eq!(below(&app, "a").await, below(&app, "a").await);
    assert_eq!(app.effects.count(), 2);
}

#[tokio::test]
async fn a_future_that_is_sent_to_another_task() {
    #[idempotent(store = app.idempotency, key = id)]
    async fn charge_elsewhere(app: App, id: String) -> Result<u64, Refused> {
        tokio::task::yield_now().await;
        Ok(app.effects.add())
    }
    let app = App::new();
    let first = tokio::spawn(charge_elsewhere(app.clone(), "a".into()))
        .await
        .expect("a task");
    assert_eq!(first, Ok(1));
    assert_eq!(
        tokio::spawn(charge_elsewhere(app, "a".into()))
            .await
            .expect("a task"),
        first
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
