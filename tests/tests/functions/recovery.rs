//! `on_interrupt = recover(path)` for functions and methods: the arguments are
//! lent to the function that says what happened.

use std::sync::Arc;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::SeqCst;

use idempotent_runtime::{Attempt, Recovered, idempotent};
use tests::{Refusal, World, millis, seconds};
use tokio::time::{sleep, timeout};

use crate::world;

/// A service whose provider says one of a few things.
#[derive(Clone)]
struct Shop {
    world: Arc<World>,
    says: Arc<AtomicU8>,
}

const NOTHING: u8 = 0;
const FOUND: u8 = 1;
const UNCLEAR: u8 = 2;
const REFUSED: u8 = 3;

impl Shop {
    fn new(says: u8) -> Self {
        let says = Arc::new(AtomicU8::new(says));
        let world = world();
        Self { world, says }
    }

    #[idempotent(
        store = self.world.idempotency, key = order, name = "recovery.shop",
        on_interrupt = recover(Self::find),
    )]
    async fn charge(&self, order: &str, mut amount: u64) -> Result<String, Refusal> {
        amount += self.world.work.effect().await;
        Ok(format!("{order} for {amount}"))
    }

    #[allow(clippy::unused_async)] // a real one asks somebody
    async fn find(
        &self,
        attempt: &Attempt,
        order: &str,
        amount: &u64,
    ) -> Recovered<Result<String, Refusal>> {
        assert!(attempt.previous().is_unfinished());
        match self.says.load(SeqCst) {
            NOTHING => Recovered::DidNotHappen,
            FOUND => Recovered::Answer(Ok(format!("found {order} for {amount}"))),
            REFUSED => Recovered::Answer(Err(Refusal::declined("not that card"))),
            _ => Recovered::Unknown,
        }
    }

    /// A call whose caller leaves in the midst of it.
    async fn interrupted(&self) {
        self.world.work.takes(seconds(5));
        let dropped = timeout(seconds(1), self.charge("o-1", 5)).await;
        assert!(dropped.is_err());
        self.world.work.takes(seconds(0));
        sleep(millis(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_found_is_the_functions() {
    let shop = Shop::new(FOUND);
    shop.interrupted().await;
    for _ in 0..2 {
        let retry = shop.charge("o-1", 5).await;
        assert_eq!(retry, Ok("found o-1 for 5".into()));
        shop.says.store(UNCLEAR, SeqCst);
    }
    assert_eq!(shop.world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_did_not_happen_is_done_by_the_body() {
    let shop = Shop::new(NOTHING);
    shop.interrupted().await;
    assert_eq!(shop.charge("o-1", 5).await, Ok("o-1 for 7".into()));
    assert_eq!(shop.charge("o-1", 9).await, Ok("o-1 for 7".into()));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_an_error_and_is_asked_for_again() {
    let shop = Shop::new(UNCLEAR);
    shop.interrupted().await;
    for _ in 0..2 {
        let retry = shop.charge("o-1", 5).await;
        assert_eq!(retry, Err(Refusal::runtime("outcome-unknown")));
    }
    shop.says.store(FOUND, SeqCst);
    assert_eq!(shop.charge("o-1", 5).await, Ok("found o-1 for 5".into()));
    assert_eq!(shop.world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_error_that_was_found_is_as_final_as_the_bodys_own() {
    let shop = Shop::new(REFUSED);
    shop.interrupted().await;
    let retry = shop.charge("o-1", 5).await;
    assert_eq!(retry, Err(Refusal::declined("not that card")));
    // An `Err` releases the key, and nothing is in doubt any more.
    assert_eq!(shop.charge("o-1", 5).await, Ok("o-1 for 7".into()));
}

#[tokio::test(start_paused = true)]
async fn a_first_call_asks_nobody() {
    let shop = Shop::new(UNCLEAR);
    assert_eq!(shop.charge("o-1", 5).await, Ok("o-1 for 6".into()));
}
