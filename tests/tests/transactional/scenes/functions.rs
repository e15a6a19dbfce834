//! Function mode: claim and answer ride in the caller's transaction.

use async_trait::async_trait;
use idempotent_runtime::store::TransactionalStore as _;
use idempotent_runtime::{Attempt, Error, Transactional, idempotent};
use serde::{Deserialize, Serialize};

use super::{Base, Store, Tx, effect};

#[derive(Debug, Serialize, Deserialize, PartialEq)]
enum Failure {
    Declined(u32),
    Broken,
    Idempotency(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Idempotency(error.code().to_owned())
    }
}

struct Bank {
    store: Store,
    transactional: Transactional<Store>,
}

#[idempotent(store = bank.transactional, key = key, fingerprint = amount, transaction = tx)]
async fn charge(bank: &Bank, mut tx: &mut Tx<'_>, key: &str, amount: u32) -> Result<u64, Failure> {
    tx = &mut *tx;
    effect(tx, key).await.map_err(|_| Failure::Broken)?;
    if amount == 0 {
        return Err(Failure::Declined(amount));
    }
    Ok(Attempt::current().expect("an attempt").fence().get())
}

#[idempotent(store = bank.transactional, key = key, transaction = tx, persist = all)]
async fn charge_or_decline(bank: &Bank, tx: &mut Tx<'_>, key: &str) -> Result<u32, Failure> {
    effect(tx, key).await.map_err(|_| Failure::Broken)?;
    let _ = bank;
    Err(Failure::Declined(7))
}

#[idempotent(store = bank.transactional, key = key, transaction = tx, persist = all)]
async fn decline_twice(bank: &Bank, tx: &mut Tx<'_>, key: &str) -> Result<u32, Failure> {
    effect(tx, "outer").await.map_err(|_| Failure::Broken)?;
    let inner = charge_or_decline(bank, tx, key).await;
    assert_eq!(inner, Err(Failure::Declined(7)));
    Err(Failure::Declined(8))
}

#[async_trait]
trait Charges {
    async fn pay(&self, tx: &mut Tx<'_>, key: &str) -> Result<u32, Failure>;
}

#[async_trait]
impl Charges for Bank {
    #[idempotent(store = self.transactional, key = key, transaction = tx, name = "charges.pay")]
    async fn pay(&self, tx: &mut Tx<'_>, key: &str) -> Result<u32, Failure> {
        effect(tx, key).await.map_err(|_| Failure::Broken)?;
        Ok(1)
    }
}

impl Bank {
    fn new(base: &Base) -> Self {
        let store = base.store(3);
        Self {
            transactional: Transactional::new(store.clone()),
            store,
        }
    }

    async fn begin(&self) -> Tx<'static> {
        self.store.begin().await.unwrap()
    }

    async fn commit(&self, tx: Tx<'static>) {
        self.store.commit(tx).await.unwrap();
    }
}

#[tokio::test]
async fn claim_and_answer_are_committed_by_the_caller() {
    let base = Base::new().await;
    let bank = Bank::new(&base);
    let mut tx = bank.begin().await;
    let first = charge(&bank, &mut tx, "a", 5).await;
    assert!(first.is_ok());
    // Again in the same transaction, and after it.
    assert_eq!(charge(&bank, &mut tx, "a", 5).await, first);
    bank.commit(tx).await;
    let mut tx = bank.begin().await;
    assert_eq!(charge(&bank, &mut tx, "a", 5).await, first);
    let reused = charge(&bank, &mut tx, "a", 6).await;
    assert_eq!(reused, Err(Failure::Idempotency("key-reused".into())));
    bank.commit(tx).await;
    assert_eq!((base.effects("a").await, base.records().await), (1, 1));
}

#[tokio::test]
async fn what_the_caller_rolls_back_has_not_happened() {
    let base = Base::new().await;
    let bank = Bank::new(&base);
    let mut tx = bank.begin().await;
    charge(&bank, &mut tx, "a", 5).await.unwrap();
    bank.store.roll_back(tx).await.unwrap();
    assert_eq!((base.effects("a").await, base.records().await), (0, 0));
    let mut tx = bank.begin().await;
    charge(&bank, &mut tx, "a", 6).await.unwrap();
    bank.commit(tx).await;
    assert_eq!((base.effects("a").await, base.records().await), (1, 1));
}

#[tokio::test]
async fn an_error_that_is_not_final_leaves_no_record() {
    let base = Base::new().await;
    let bank = Bank::new(&base);
    let mut tx = bank.begin().await;
    let declined = charge(&bank, &mut tx, "a", 0).await;
    assert_eq!(declined, Err(Failure::Declined(0)));
    // Whatever the caller does with its own writes.
    bank.commit(tx).await;
    assert_eq!(base.records().await, 0);
}

#[tokio::test]
async fn an_error_that_is_final_is_kept_without_the_bodys_writes() {
    let base = Base::new().await;
    let bank = Bank::new(&base);
    let mut tx = bank.begin().await;
    effect(&mut tx, "callers").await.unwrap();
    for _ in 0..2 {
        let declined = charge_or_decline(&bank, &mut tx, "a").await;
        assert_eq!(declined, Err(Failure::Declined(7)));
    }
    bank.commit(tx).await;
    assert_eq!((base.effects("a").await, base.records().await), (0, 1));
    assert_eq!(base.effects("callers").await, 1);
}

#[tokio::test]
async fn a_call_within_a_call_is_undone_with_it() {
    let base = Base::new().await;
    let bank = Bank::new(&base);
    let mut tx = bank.begin().await;
    let declined = decline_twice(&bank, &mut tx, "a").await;
    assert_eq!(declined, Err(Failure::Declined(8)));
    bank.commit(tx).await;
    // The outer one's refusal alone is left.
    assert_eq!((base.effects("outer").await, base.records().await), (0, 1));
}

#[tokio::test]
async fn a_method_under_async_trait_rides_too() {
    let base = Base::new().await;
    let bank = Bank::new(&base);
    for _ in 0..2 {
        let mut tx = bank.begin().await;
        assert_eq!(bank.pay(&mut tx, "a").await, Ok(1));
        bank.commit(tx).await;
    }
    assert_eq!((base.effects("a").await, base.records().await), (1, 1));
}
