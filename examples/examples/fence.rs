//! A table that refuses a paused attempt's late write:
//! `cargo run --example fence --features sqlite`.
//!
//! A lease is a promise about time, and a process that is paused does not see
//! the time go by: when it wakes up, another attempt may have done its work. No
//! check before a write helps, as it may be paused after the check. So the
//! write carries the attempt's fence, and the table takes none that is lower
//! than what it has.

use std::error::Error;
use std::path::Path;
use std::thread;
use std::time::Duration;

use idempotent_runtime::{Attempt, Idempotency, idempotent};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use tokio::time::sleep;

/// What each attempt writes the parcel's address with.
const SET_ADDRESS: &str = "
    INSERT INTO parcels (id, address, fence) VALUES (?1, ?2, ?3)
    ON CONFLICT (id) DO UPDATE SET address = excluded.address, fence = excluded.fence
    WHERE parcels.fence <= excluded.fence";

type Failure = Box<dyn Error + Send + Sync>;

#[derive(Debug, thiserror::Error)]
enum ParcelError {
    #[error("{0}")]
    Idempotency(#[from] idempotent_runtime::Error),
    #[error("{0}")]
    Database(#[from] sqlx::Error),
    #[error("fence {0} is not the latest any more")]
    Paused(u64),
}

/// The first attempt is paused, so that its lease runs out.
#[idempotent(store = store, key = id, name = "parcels.address", lease = "300ms")]
async fn address(
    store: &Idempotency,
    table: &SqlitePool,
    id: &str,
    pause: Duration,
) -> Result<String, ParcelError> {
    let attempt = Attempt::current().unwrap_or_default();
    let fence = attempt.fence().get();
    let address = format!("looked up under fence {fence}");
    // The whole process stands still: also its heartbeat.
    thread::sleep(pause);
    let set = sqlx::query(SET_ADDRESS)
        .bind(id)
        .bind(&address)
        .bind(i64::try_from(fence).unwrap_or(i64::MAX));
    // No row: an attempt with a higher fence has written.
    match set.execute(table).await?.rows_affected() {
        0 => Err(ParcelError::Paused(fence)),
        _ => Ok(address),
    }
}

async fn table(file: &Path) -> Result<SqlitePool, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .busy_timeout(Duration::from_secs(5));
    let pool = SqlitePoolOptions::new().connect_with(options).await?;
    sqlx::query(
        "CREATE TABLE IF NOT EXISTS parcels (id TEXT PRIMARY KEY, address TEXT, fence INT)",
    )
    .execute(&pool)
    .await?;
    Ok(pool)
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let file = std::env::temp_dir().join(format!("fence-{}.db", std::process::id()));
    let shown = show(&file).await;
    std::fs::remove_file(&file)?;
    shown
}

async fn show(file: &Path) -> Result<(), Failure> {
    let store = Idempotency::in_memory();
    let parcels = table(file).await?;

    // A process of its own, so to speak: a runtime that stands still as a whole.
    let first = thread::spawn({
        let (store, file) = (store.clone(), file.to_owned());
        move || -> Result<Result<String, ParcelError>, Failure> {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let parcels = table(&file).await?;
                Ok(address(&store, &parcels, "p-1", Duration::from_secs(2)).await)
            })
        }
    });
    sleep(Duration::from_secs(1)).await;
    let second = address(&store, &parcels, "p-1", Duration::ZERO).await?;
    println!("the second attempt, while the first is paused: {second}");

    let late = first.join().map_err(|_| "the first attempt panicked")??;
    println!("the first one, awake again: {late:?}");
    assert!(matches!(late, Err(ParcelError::Paused(_))));

    let kept: String = sqlx::query_scalar("SELECT address FROM parcels WHERE id = 'p-1'")
        .fetch_one(&parcels)
        .await?;
    assert_eq!(kept, second);
    let replay = address(&store, &parcels, "p-1", Duration::ZERO).await?;
    assert_eq!(replay, second);
    parcels.close().await;
    println!("ok: the table has what the second attempt wrote, and so has every retry");
    Ok(())
}
