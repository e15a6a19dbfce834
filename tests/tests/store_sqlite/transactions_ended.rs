//! Transactions that SQLite ends by itself, or that do not fit: neither effect
//! nor answer is left, and the connection is as good as new.

use idempotent_runtime::store::{Records, StoreError, TransactionalStore};
use idempotent_runtime::{SqliteStore, Store};
use sqlx::sqlite::SqlitePoolOptions;

use crate::records::{answer, fresh};
use crate::transactions::{attempt, effects, file, opened, write};

/// A full file, and `ON CONFLICT ROLLBACK`: SQLite ends the transaction by
/// itself, and commits what is written after that. The record is not, and the
/// connection is as good as new.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_sqlite_ended_takes_no_record() {
    let file = file().await;
    let pages = file.number("PRAGMA page_count").await + 10;
    let options = file.options().pragma("max_page_count", pages.to_string());
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_lazy_with(options);
    let store = SqliteStore::new(pool.clone());
    let first = "INSERT INTO effects VALUES ('a')";
    let ends = [
        "INSERT OR ROLLBACK INTO effects VALUES ('a')",
        "INSERT INTO effects VALUES (hex(zeroblob(500000)))",
    ];
    for (ends, is_dropped) in ends.into_iter().zip([false, true]).chain([(ends[0], true)]) {
        let claim = fresh();
        let (mut tx, turn, claimed) = opened(&store, &claim).await;
        write(&mut tx, first).await.unwrap();
        assert!(write(&mut tx, ends).await.is_err());
        let error = store
            .record_within(&mut tx, &claim, claimed.fence, &answer("of nothing"))
            .await
            .unwrap_err();
        assert!(matches!(error, StoreError::RolledBack { .. }), "{error:?}");
        if is_dropped {
            drop(tx);
        } else {
            store.roll_back(tx).await.unwrap();
        }
        drop(turn);
        assert_eq!(effects(&file).await, 0);
        assert!(store.inspect(&claim.id).await.unwrap().is_none());
    }
    // Neither noticed nor ended: the next one gets another connection.
    let (mut tx, turn, _) = opened(&store, &fresh()).await;
    write(&mut tx, first).await.unwrap();
    assert!(write(&mut tx, ends[0]).await.is_err());
    drop((tx, turn));
    attempt(&store, &fresh()).await;
    assert_eq!(effects(&file).await, 1);
}

/// An answer that does not fit takes its effect with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_file_keeps_neither_effect_nor_answer() {
    let file = file().await;
    let pages = file.number("PRAGMA page_count").await + 10;
    let options = file.options().pragma("max_page_count", pages.to_string());
    let store = SqliteStore::new(SqlitePoolOptions::new().connect_lazy_with(options));
    let claim = fresh();
    let (mut tx, turn, claimed) = opened(&store, &claim).await;
    write(&mut tx, "INSERT INTO effects VALUES ('a')")
        .await
        .unwrap();
    let large = answer(&"x".repeat(500_000));
    let error = store
        .record_within(&mut tx, &claim, claimed.fence, &large)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
    store.roll_back(tx).await.unwrap();
    drop(turn);
    assert_eq!(effects(&file).await, 0);
    attempt(&store, &claim).await;
    assert_eq!(effects(&file).await, 1);
}
