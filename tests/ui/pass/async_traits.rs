//! Under `async_trait`, which boxes the future before we see the method.

use std::pin::Pin;

use async_trait::async_trait;
use idempotent_runtime::{Idempotency, idempotent};

use super::world::{App, Order, Refused};

#[async_trait]
trait Charge {
    async fn by_reference(&self, order: &Order) -> Result<u64, Refused>;
    async fn by_mutable_reference(&mut self, order: Order) -> Result<u64, Refused>;
    async fn generic<T: Into<u64> + Send>(&self, id: &str, value: T) -> Result<u64, Refused>
    where
        Self: Sized;
    fn store(&self) -> &Idempotency;

    #[idempotent(store = self.store(), key = id, name = "async_trait.default")]
    async fn default_method(&self, id: &str) -> Result<String, Refused>
    where
        Self: Sync,
    {
        Ok(id.to_owned())
    }
}

struct Shop {
    app: App,
    total: u64,
}

#[async_trait]
impl Charge for Shop {
    #[idempotent(store = self.app.idempotency, key = order.id, name = "async_trait.by_reference")]
    async fn by_reference(&self, order: &Order) -> Result<u64, Refused> {
        if order.amount == 0 {
            return Err(Refused("nothing".into()));
        }
        let number: u64 = "1".parse().map_err(|_| Refused("no number".into()))?;
        Ok(self.app.effects.add() + order.amount + number)
    }

    #[idempotent(store = self.app.idempotency, key = order.id, name = "async_trait.by_mutable")]
    #[tracing::instrument(skip_all)]
    async fn by_mutable_reference(&mut self, mut order: Order) -> Result<u64, Refused> {
        order.amount += 1;
        self.total += order.amount;
        Ok(self.total)
    }

    #[idempotent(store = self.app.idempotency, key = id, name = "async_trait.generic")]
    async fn generic<T: Into<u64> + Send>(&self, id: &str, value: T) -> Result<u64, Refused> {
        Ok(value.into() + self.app.effects.add())
    }

    fn store(&self) -> &Idempotency {
        &self.app.idempotency
    }
}

#[tokio::test]
async fn methods_of_an_async_trait() {
    let mut shop = Shop {
        app: App::new(),
        total: 0,
    };
    assert_eq!(shop.by_reference(&Order::new()).await, Ok(7));
    assert_eq!(shop.by_reference(&Order::new()).await, Ok(7));
    assert_eq!(shop.by_mutable_reference(Order::new()).await, Ok(6));
    assert_eq!(shop.by_mutable_reference(Order::new()).await, Ok(6));
    assert_eq!(shop.generic("a", 5_u8).await, Ok(7));
    assert_eq!(shop.generic("a", 6_u32).await, Ok(7));
    assert_eq!(shop.default_method("a").await.as_deref(), Ok("a"));
}

#[async_trait(?Send)]
trait Local {
    async fn charge(&self, id: &str) -> Result<u64, Refused>;
}

#[async_trait(?Send)]
impl Local for Shop {
    #[idempotent(store = self.app.idempotency, key = id, name = "async_trait.local")]
    async fn charge(&self, id: &str) -> Result<u64, Refused> {
        let local = std::rc::Rc::new(self.app.effects.add());
        tokio::task::yield_now().await;
        Ok(*local + id.len() as u64)
    }
}

#[tokio::test]
async fn a_local_async_trait() {
    let shop = Shop {
        app: App::new(),
        total: 0,
    };
    assert_eq!(shop.charge("a").await, Ok(2));
    assert_eq!(shop.charge("a").await, Ok(2));
}

#[tokio::test]
async fn the_boxed_form_by_hand() {
    #[idempotent(store = app.idempotency, key = id)]
    fn charge<'a>(
        app: &'a App,
        id: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<u64, Refused>> + Send + 'a>> {
        if id.is_empty() {
            return Box::pin(async { Err(Refused("empty".into())) });
        }
        Box::pin(async move { Ok(app.effects.add() + id.len() as u64) })
    }
    let app = App::new();
    assert_eq!(charge(&app, "a").await, Ok(2));
    assert_eq!(charge(&app, "a").await, Ok(2));
}
