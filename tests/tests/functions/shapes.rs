//! Methods, generics and traits: each runs once.

use std::fmt::Display;
use std::sync::Arc;

use async_trait::async_trait;
use idempotent_runtime::{Idempotency, idempotent};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tests::{Refusal, Work, World};

use crate::world;

struct Shop {
    idempotency: Idempotency,
    work: Work,
    sold: u64,
}

impl Shop {
    fn of(world: &World) -> Self {
        Self {
            idempotency: world.idempotency.clone(),
            work: world.work.clone(),
            sold: 0,
        }
    }

    #[idempotent(store = self.idempotency, key = order, name = "shop.borrow")]
    async fn borrow(&self, order: &str) -> Result<String, Refusal> {
        Ok(format!("{order} {}", self.work.effect().await))
    }

    #[idempotent(store = self.idempotency, key = order, name = "shop.mutate")]
    async fn mutate(&mut self, order: &str) -> Result<String, Refusal> {
        self.sold += 1;
        Ok(format!("{order} {}", self.work.effect().await))
    }

    #[idempotent(store = self.idempotency, key = order, name = "shop.share")]
    async fn share(self: Arc<Self>, order: String) -> Result<String, Refusal> {
        Ok(format!("{order} {}", self.work.effect().await))
    }

    #[idempotent(store = world.idempotency, key = order, name = "shop.associated")]
    async fn associated(world: &World, order: u64) -> Result<String, Refusal> {
        Ok(format!("{order} {}", world.work.effect().await))
    }
}

trait Sells {
    async fn sell(&self, order: &str) -> Result<String, Refusal>;
}

impl Sells for Shop {
    #[idempotent(store = self.idempotency, key = order, name = "shop.trait")]
    async fn sell(&self, order: &str) -> Result<String, Refusal> {
        Ok(format!("{order} {}", self.work.effect().await))
    }
}

#[async_trait]
trait SellsBoxed: Sync {
    async fn sell_boxed(&self, order: &str) -> Result<String, Refusal>;
}

#[async_trait]
impl SellsBoxed for Shop {
    #[idempotent(store = self.idempotency, key = order, name = "shop.async_trait")]
    async fn sell_boxed(&self, order: &str) -> Result<String, Refusal> {
        Ok(format!("{order} {}", self.work.effect().await))
    }
}

#[idempotent(store = world.idempotency, key = order.to_string(), name = "shop.generic")]
async fn generic<K: Display + Sync, V>(world: &World, order: &K, value: V) -> Result<V, Refusal>
where
    V: Serialize + DeserializeOwned + Send,
{
    world.work.effect().await;
    Ok(value)
}

#[tokio::test]
async fn methods_of_every_receiver() {
    let world = world();
    let mut shop = Shop::of(&world);
    for _ in 0..2 {
        assert_eq!(shop.borrow("a").await, Ok("a 1".into()));
    }
    for _ in 0..2 {
        assert_eq!(shop.mutate("a").await, Ok("a 2".into()));
    }
    assert_eq!(shop.sold, 1);
    let shop = Arc::new(shop);
    for _ in 0..2 {
        assert_eq!(Arc::clone(&shop).share("a".into()).await, Ok("a 3".into()));
    }
    for _ in 0..2 {
        assert_eq!(Shop::associated(&world, 7).await, Ok("7 4".into()));
    }
}

#[tokio::test]
async fn traits_and_boxed_traits() {
    let world = world();
    let shop = Shop::of(&world);
    let boxed: &dyn SellsBoxed = &shop;
    for _ in 0..2 {
        assert_eq!(shop.sell("a").await, Ok("a 1".into()));
        assert_eq!(boxed.sell_boxed("a").await, Ok("a 2".into()));
    }
}

#[tokio::test]
async fn a_generic_function_is_one_operation_for_all_its_types() {
    let world = world();
    assert_eq!(
        generic(&world, &7, "text".to_owned()).await,
        Ok("text".into())
    );
    assert_eq!(
        generic(&world, &"7", "other".to_owned()).await,
        Ok("text".into())
    );
    assert_eq!(generic(&world, &8, 5).await, Ok(5));
    assert_eq!(world.work.started(), 2);
}
