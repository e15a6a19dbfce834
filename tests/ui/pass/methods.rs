//! Methods: every receiver, generic blocks, traits.

use std::sync::Arc;

use idempotent_runtime::{Idempotency, idempotent};

use super::world::{App, Order, Refused};

struct Shop {
    app: App,
    total: u64,
}

impl Shop {
    fn new() -> Self {
        Self {
            app: App::new(),
            total: 0,
        }
    }

    #[idempotent(store = self.app.idempotency, key = order.id, name = "shop.by_reference")]
    async fn by_reference(&self, order: &Order) -> Result<u64, Refused> {
        Ok(self.app.effects.add() + order.amount)
    }

    #[idempotent(store = self.app.idempotency, key = order.id, name = "shop.by_mutable_reference")]
    async fn by_mutable_reference(&mut self, order: &Order) -> Result<u64, Refused> {
        self.total += order.amount;
        self.bump().await?;
        Ok(self.total)
    }

    #[allow(clippy::unused_async)]
    async fn bump(&mut self) -> Result<(), Refused> {
        self.total += 1;
        Ok(())
    }

    #[idempotent(store = self.app.idempotency, key = id, name = "shop.by_arc")]
    async fn by_arc(self: Arc<Self>, id: String) -> Result<u64, Refused> {
        let app = self.app.clone();
        tokio::spawn(async move { Ok(app.effects.add()) })
            .await
            .map_err(|_| Refused(id))?
    }

    #[idempotent(store = self.app.idempotency, key = id, name = "shop.by_value")]
    async fn by_value(mut self, id: &str) -> Result<u64, Refused> {
        self.total += id.len() as u64;
        Ok(self.total)
    }

    #[idempotent(store = self.app.idempotency, key = id, name = "shop.by_box")]
    async fn by_box(self: Box<Self>, id: &str) -> Result<u64, Refused> {
        Ok(self.total + id.len() as u64)
    }

    #[idempotent(store = shop.app.idempotency, key = id, name = "shop.associated")]
    async fn associated(shop: &Self, id: &str) -> Result<u64, Refused> {
        Ok(shop.app.effects.add() + id.len() as u64)
    }

    #[idempotent(store = self.app.idempotency, key = value.to_string(), name = "shop.generic")]
    async fn generic<'a, V: std::fmt::Display>(&'a self, value: &'a V) -> Result<String, Refused> {
        Ok(format!("{value} {}", self.app.effects.add()))
    }
}

#[tokio::test]
async fn receivers_by_reference() {
    let (mut shop, order) = (Shop::new(), Order::new());
    assert_eq!(shop.by_reference(&order).await, Ok(6));
    assert_eq!(shop.by_reference(&order).await, Ok(6));
    assert_eq!(shop.by_mutable_reference(&order).await, Ok(6));
    assert_eq!(shop.by_mutable_reference(&order).await, Ok(6));
    assert_eq!(shop.total, 6);
}

#[tokio::test]
async fn receivers_that_own() {
    let shop = Arc::new(Shop::new());
    assert_eq!(shop.clone().by_arc("a".into()).await, Ok(1));
    assert_eq!(shop.by_arc("a".into()).await, Ok(1));
    assert_eq!(Shop::new().by_value("ab").await, Ok(2));
    assert_eq!(Box::new(Shop::new()).by_box("ab").await, Ok(2));
}

#[tokio::test]
async fn associated_and_generic_ones() {
    let shop = Shop::new();
    assert_eq!(Shop::associated(&shop, "a").await, Ok(2));
    assert_eq!(Shop::associated(&shop, "a").await, Ok(2));
    assert_eq!(shop.generic(&5).await.as_deref(), Ok("5 2"));
    assert_eq!(shop.generic(&"5").await.as_deref(), Ok("5 2"));
}

struct Typed<T> {
    store: Idempotency,
    value: T,
}

impl<T: Clone + serde::Serialize + serde::de::DeserializeOwned> Typed<T> {
    #[idempotent(store = self.store, key = id, name = "typed.get")]
    async fn get(&self, id: &str) -> Result<(String, T), Refused> {
        Ok((id.to_owned(), self.value.clone()))
    }
}

#[tokio::test]
async fn a_generic_block() {
    let typed = Typed {
        store: Idempotency::in_memory(),
        value: 5_u64,
    };
    assert_eq!(typed.get("a").await, Ok(("a".into(), 5)));
}

trait Charge {
    async fn charge(&self, order: &Order) -> Result<u64, Refused>;

    fn store(&self) -> &Idempotency;

    #[idempotent(store = self.store(), key = id, name = "charge.default")]
    async fn default_method(&self, id: &str) -> Result<String, Refused> {
        Ok(id.to_owned())
    }
}

impl Charge for Shop {
    #[idempotent(store = self.app.idempotency, key = order.id, name = "charge.shop")]
    async fn charge(&self, order: &Order) -> Result<u64, Refused> {
        Ok(self.app.effects.add() + order.amount)
    }

    fn store(&self) -> &Idempotency {
        &self.app.idempotency
    }
}

#[tokio::test]
async fn trait_methods() {
    let shop = Shop::new();
    assert_eq!(Charge::charge(&shop, &Order::new()).await, Ok(6));
    assert_eq!(Charge::charge(&shop, &Order::new()).await, Ok(6));
    assert_eq!(shop.default_method("a").await.as_deref(), Ok("a"));
}

trait Sendable {
    fn charge(&self, id: u64) -> impl Future<Output = Result<u64, Refused>> + Send;
}

impl Sendable for Shop {
    #[idempotent(store = self.app.idempotency, key = id, name = "sendable.shop")]
    async fn charge(&self, id: u64) -> Result<u64, Refused> {
        Ok(self.app.effects.add() + id)
    }
}

#[tokio::test]
async fn a_trait_that_wants_send() {
    fn send<F: Future + Send>(future: F) -> F {
        future
    }
    let shop = Shop::new();
    assert_eq!(send(Sendable::charge(&shop, 5)).await, Ok(6));
    assert_eq!(send(Sendable::charge(&shop, 5)).await, Ok(6));
}
