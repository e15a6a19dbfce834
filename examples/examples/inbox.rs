//! A queue's consumer with an inbox: `cargo run --example inbox --features sqlite`.
//!
//! Queues deliver at least once. Here the record of a message (the inbox) and
//! what the message does are in one transaction, which the consumer opens and
//! commits: whatever happens, a message has both or neither. Consumers are
//! killed (SIGKILL) before and after their commit, and messages are delivered
//! again: each is booked once.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use idempotent_runtime::store::TransactionalStore as _;
use idempotent_runtime::{SqliteStore, Transactional, idempotent};
use sqlx::SqliteTransaction;

type Failure = Box<dyn Error + Send + Sync>;

#[derive(Debug, thiserror::Error)]
enum BookingError {
    #[error("{0}")]
    Idempotency(#[from] idempotent_runtime::Error),
    #[error("{0}")]
    Database(#[from] sqlx::Error),
}

/// What a message does: one entry in the ledger, in the consumer's transaction.
#[idempotent(store = inbox, key = message, fingerprint = amount, transaction = tx, name = "inbox.book")]
async fn book(
    inbox: &Transactional<SqliteStore>,
    tx: &mut SqliteTransaction<'_>,
    message: &str,
    amount: i64,
) -> Result<i64, BookingError> {
    sqlx::query("INSERT INTO entries (message, amount) VALUES (?1, ?2)")
        .bind(message)
        .bind(amount)
        .execute(&mut **tx)
        .await?;
    let balance = sqlx::query_scalar("SELECT sum(amount) FROM entries");
    Ok(balance.fetch_one(&mut **tx).await?)
}

/// A point where a consumer is killed.
const BOOKED: &str = "booked, not committed";
const COMMITTED: &str = "committed, not acknowledged";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let (file, message) = (arguments.next(), arguments.next());
    match (file, message) {
        (Some(file), Some(message)) => consume(&file, &message, arguments.next()).await,
        _ => show().await,
    }
}

/// One consumer process and one delivery: an amount of 5, whatever the message.
async fn consume(file: &str, message: &str, stop: Option<String>) -> Result<(), Failure> {
    let store = SqliteStore::connect(&format!("sqlite:{file}")).await?;
    let inbox = Transactional::new(store.clone());
    let reach = async |point: &str| {
        if stop.as_deref() == Some(point) {
            println!("at: {point}");
            std::future::pending::<()>().await;
        }
    };
    let mut tx = store.begin().await?;
    let balance = book(&inbox, &mut tx, message, 5).await?;
    reach(BOOKED).await;
    store.commit(tx).await?;
    reach(COMMITTED).await;
    // Only now the queue would be told to forget the message.
    println!("{message} acknowledged, with a balance of {balance}");
    Ok(())
}

struct Queue {
    file: PathBuf,
}

impl Queue {
    fn consumer(&self, message: &str, stop: Option<&str>) -> Result<Command, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(&self.file).arg(message).args(stop);
        command.stdout(Stdio::piped());
        Ok(command)
    }

    /// A delivery whose consumer is killed at this point.
    fn killed(&self, message: &str, point: &str) -> Result<(), Failure> {
        let mut consumer = self.consumer(message, Some(point))?.spawn()?;
        let output = consumer
            .stdout
            .as_mut()
            .ok_or("a consumer without a pipe")?;
        let mut line = String::new();
        let read = BufReader::new(output).read_line(&mut line);
        consumer.kill()?;
        consumer.wait()?;
        read?;
        assert_eq!(line.trim_end(), format!("at: {point}"));
        println!("{message}: killed when {point}");
        Ok(())
    }

    /// A delivery that is acknowledged; what its consumer says.
    fn acknowledged(&self, message: &str) -> Result<String, Failure> {
        let ended = self.consumer(message, None)?.output()?;
        let said = String::from_utf8(ended.stdout)?;
        if !ended.status.success() {
            return Err(format!("{message}: the consumer failed").into());
        }
        println!("  {}", said.trim_end());
        Ok(said)
    }
}

async fn show() -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("inbox-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let shown = show_in(&folder).await;
    std::fs::remove_dir_all(&folder)?;
    shown
}

async fn show_in(folder: &Path) -> Result<(), Failure> {
    let file = folder.join("bank.db");
    let store = SqliteStore::connect(&format!("sqlite:{}", file.display())).await?;
    store.migrate().await?;
    let mut tx = store.begin().await?;
    sqlx::query("CREATE TABLE entries (message TEXT NOT NULL, amount INTEGER NOT NULL)")
        .execute(&mut *tx)
        .await?;
    store.commit(tx).await?;
    let queue = Queue { file };

    println!("m-1: delivered twice");
    let first = queue.acknowledged("m-1")?;
    assert_eq!(queue.acknowledged("m-1")?, first);
    for (message, point) in [("m-2", BOOKED), ("m-3", COMMITTED)] {
        for _ in 0..2 {
            queue.killed(message, point)?;
        }
        queue.acknowledged(message)?;
    }

    let mut tx = store.begin().await?;
    let booked: Vec<(String, i64)> =
        sqlx::query_as("SELECT message, count(*) FROM entries GROUP BY message ORDER BY message")
            .fetch_all(&mut *tx)
            .await?;
    store.roll_back(tx).await?;
    let once = ["m-1", "m-2", "m-3"].map(|message| (message.to_owned(), 1));
    assert_eq!(booked, once);
    println!("ok: 3 messages, 8 deliveries, 4 crashes, 3 entries");
    Ok(())
}
