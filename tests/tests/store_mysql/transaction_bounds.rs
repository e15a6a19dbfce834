//! How long a transaction may be silent and its statements may take, and what a
//! pooled connection is afterwards.

use std::time::Duration;

use idempotent_runtime::store::StoreError;
use idempotent_runtime::store::TransactionalStore;
use idempotent_runtime::store::transaction::ClaimedWithin;
use idempotent_runtime::{MySqlStore, Store};
use sqlx::{AssertSqlSafe, MySqlPool, MySqlTransaction};
use tokio::time::{Instant, sleep};

use crate::records::{fresh, lease};
use crate::transactions::{base, both, effect, effects, opened, record, told, write};

const SETTINGS: [[&str; 2]; 2] = [
    ["idle_transaction_timeout", "max_statement_time"],
    ["wait_timeout", "innodb_lock_wait_timeout"],
];

async fn settings(pool: &MySqlPool, names: [&str; 2]) -> [String; 2] {
    let mut found = names.map(ToOwned::to_owned);
    for name in &mut found {
        let sql = format!("SELECT CAST(@@SESSION.{name} AS CHAR)");
        *name = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(pool)
            .await
            .unwrap();
    }
    found
}

async fn settings_within(tx: &mut MySqlTransaction<'_>, names: [&str; 2]) -> [i64; 2] {
    let mut found = [0; 2];
    for (name, value) in names.iter().zip(&mut found) {
        let sql = format!("SELECT CAST(@@SESSION.{name} AS SIGNED)");
        *value = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut **tx)
            .await
            .unwrap();
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_goes_back_to_the_pool_as_it_came() {
    let database = base().await;
    for (number, names) in SETTINGS.into_iter().enumerate() {
        let pool = database.pool(1);
        let mut store = MySqlStore::new(pool.clone());
        if number == 1 {
            store = store.without_returning();
        }
        let before = settings(&pool, names).await;
        // The first one learns of the lease; the second one begins with it.
        for end in ["commit", "roll back", "drop", "commit", "commit"] {
            let mut claim = fresh();
            claim.lease = lease(7_500);
            let (mut tx, _) = opened(&store, &claim).await;
            assert_eq!(settings_within(&mut tx, names).await, [8; 2], "{end}");
            match end {
                "commit" => store.commit(tx).await.unwrap(),
                "roll back" => store.roll_back(tx).await.unwrap(),
                // Its bounds stay until the next attempt has ended.
                _ => {
                    drop(tx);
                    continue;
                }
            }
            assert_eq!(settings(&pool, names).await, before, "after {end}");
        }
        // What is stricter stays.
        let [idle, statement] = names;
        let strict = format!("SET SESSION {idle} = 5, SESSION {statement} = 3");
        sqlx::raw_sql(AssertSqlSafe(strict))
            .execute(&pool)
            .await
            .unwrap();
        let strict = settings(&pool, names).await;
        let (mut tx, _) = opened(&store, &fresh()).await;
        assert_eq!(settings_within(&mut tx, names).await, [5, 3]);
        store.commit(tx).await.unwrap();
        assert_eq!(settings(&pool, names).await, strict);
    }
}

/// A process that is paused, say: its key is free after its lease.
#[tokio::test(flavor = "multi_thread")]
async fn a_silent_transaction_ends_with_its_lease() {
    let database = base().await;
    for store in both(&database, 2) {
        let mut claim = fresh();
        claim.lease = lease(1_000);
        let (mut tx, claimed) = opened(&store, &claim).await;
        effect(&mut tx, &claim.id).await;
        assert_eq!(told(&store, &claim).await, ClaimedWithin::Busy);
        let silent = Instant::now();
        while told(&store, &claim).await == ClaimedWithin::Busy {
            assert!(silent.elapsed() < Duration::from_secs(10), "it is held");
            sleep(Duration::from_millis(50)).await;
        }
        println!("free after {:?}", silent.elapsed());
        let error = record(&store, &mut tx, &claim, &claimed).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
        assert!(store.commit(tx).await.is_err());
        assert!(store.inspect(&claim.id).await.unwrap().is_none());
    }
    assert_eq!(effects(&database).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_stopped_at_the_lease() {
    let database = base().await;
    let store = MySqlStore::new(database.pool(1));
    let mut claim = fresh();
    claim.lease = lease(1_000);
    let (mut tx, _) = opened(&store, &claim).await;
    let asked = Instant::now();
    assert!(write(&mut tx, "SELECT SLEEP(20) FROM DUAL").await.is_err());
    assert!(asked.elapsed() < Duration::from_secs(10));
    store.roll_back(tx).await.unwrap();
}
