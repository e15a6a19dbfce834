//! An operator's lists on a million records of each store: how long a page
//! takes, for how long one statement keeps the server busy, and what a list
//! that goes on beside claims does to those.
//!
//! Of the records, 1 in 100 runs (a tenth of these is stuck), 1 in 100 is free,
//! 1 in 20 has expired and 1 in 50,000 is of another operation, which a filter
//! finds by reading all others.

mod fill;
mod load;
mod options;
mod pages;
mod redis;
mod sql;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use idempotent_runtime::Store;

pub use self::options::Options;

/// A store of any kind.
type AnyStore = Arc<dyn Store>;

/// Runs all that is wanted, and prints it.
///
/// # Errors
/// Which server is not there.
pub async fn run(options: Options) -> Result<(), String> {
    for name in [
        "memory",
        "sqlite",
        "postgres",
        "mysql",
        "redis",
        "redis-cluster",
    ] {
        if options.wants(name) {
            measure(name, &options).await?;
        }
    }
    Ok(())
}

async fn measure(name: &str, options: &Options) -> Result<(), String> {
    let (records, started) = (options.records, Instant::now());
    let mut busy = None;
    let store: AnyStore = match name {
        "memory" => fill::memory(records).await,
        "sqlite" => {
            let directory = PathBuf::from(variable("IDEMPOTENT_TEST_SERVERS_DIR")?);
            sql::sqlite(&directory, records).await
        }
        "postgres" => sql::postgres(&variable("IDEMPOTENT_TEST_POSTGRES")?, records).await,
        "mysql" => sql::mysql(&variable("IDEMPOTENT_TEST_MYSQL")?, records).await,
        "redis" => {
            let url = variable("IDEMPOTENT_TEST_REDIS")?;
            busy = Some(vec![redis::client(&url)]);
            redis::node(&url, records).await
        }
        _ => {
            let nodes = variable("IDEMPOTENT_TEST_REDIS_CLUSTER")?;
            let nodes: Vec<_> = nodes.split(',').collect();
            busy = Some(nodes.iter().map(|url| redis::client(url)).collect());
            redis::cluster(&nodes, records).await
        }
    };
    println!(
        "== {name}: {records} records, made in {:.0?}",
        started.elapsed()
    );
    if let Some(clients) = &busy {
        redis::watch(clients).await;
    }
    pages::measure(&*store).await;
    if let Some(clients) = &busy {
        println!(
            "the longest command of these on a server (SLOWLOG): {}",
            redis::longest(clients).await
        );
    }
    load::measure(&store, options).await;
    println!();
    Ok(())
}

fn variable(name: &str) -> Result<String, String> {
    std::env::var(name)
        .map_err(|_| format!("{name} is not set: run this by `cargo xtask bench lists`"))
}
