//! Two callers of one function, each with a transaction of its own: the second
//! one is told at once, and not when the first one ends.

use idempotent_runtime::store::TransactionalStore as _;
use idempotent_runtime::{Error, Transactional, idempotent};
use tests::seconds;
use tokio::time::timeout;

use super::{Base, Store, Tx, effect};

#[idempotent(store = transactional, key = key, transaction = tx)]
async fn ship(
    transactional: &Transactional<Store>,
    tx: &mut Tx<'_>,
    key: &str,
) -> Result<u32, Error> {
    effect(tx, key).await.unwrap();
    Ok(1)
}

#[tokio::test]
async fn a_second_transaction_is_told_at_once() {
    let base = Base::new().await;
    let store = base.store(3);
    let transactional = Transactional::new(store.clone());
    let (mut first, mut second) = (store.begin().await.unwrap(), store.begin().await.unwrap());
    ship(&transactional, &mut first, "a").await.unwrap();
    let told = timeout(seconds(3), ship(&transactional, &mut second, "a")).await;
    let told = told.expect("it does not wait");
    assert!(matches!(told, Err(Error::InFlight { .. })), "{told:?}");
    store.commit(first).await.unwrap();
    store.roll_back(second).await.unwrap();
    let mut third = store.begin().await.unwrap();
    assert_eq!(ship(&transactional, &mut third, "a").await.unwrap(), 1);
    store.commit(third).await.unwrap();
    assert_eq!((base.effects("a").await, base.records().await), (1, 1));
}
