//! An operator's lists on a million records of each store: how long a page
//! takes, for how long it keeps the store busy without a break, and what lists
//! that go on beside claims do to those.
//!
//! Of the records, 1 in 100 runs (a tenth of these is stuck), 1 in 100 is free,
//! 1 in 20 has expired and 1 in 50,000 is of another operation, which a filter
//! finds by reading all others.

mod busy;
mod fill;
mod load;
mod operators;
mod options;
mod pages;
mod redis;
mod sql;
mod summary;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use idempotent_runtime::Store;

pub use self::options::Options;
use self::summary::Summary;

/// A store of any kind.
type AnyStore = Arc<dyn Store>;

const STORES: [&str; 6] = [
    "memory",
    "sqlite",
    "postgres",
    "mysql",
    "redis",
    "redis-cluster",
];

/// Runs all that is wanted, and prints it, with a table of all at the end.
///
/// # Errors
/// Which stores could not be measured; the others were.
pub async fn run(options: Options) -> Result<(), String> {
    let (mut summaries, mut failed) = (Vec::new(), Vec::new());
    for name in STORES.into_iter().filter(|name| options.wants(name)) {
        // In a task of its own, so that the others go on where one panics.
        let measured = tokio::spawn(measure(name, options.clone())).await;
        match measured.unwrap_or_else(|panic| Err(panic.to_string())) {
            Ok(summary) => summaries.push(summary),
            Err(why) => {
                eprintln!("{name}: {why}");
                failed.push(name);
            }
        }
    }
    summary::print(&summaries, &options);
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!("not measured: {}", failed.join(", ")))
}

async fn measure(name: &'static str, options: Options) -> Result<Summary, String> {
    let (records, started) = (options.records, Instant::now());
    println!("== {name}: filling");
    let mut servers = None;
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
            servers = Some(vec![redis::client(&url)]);
            redis::node(&url, records).await
        }
        _ => {
            let nodes = variable("IDEMPOTENT_TEST_REDIS_CLUSTER")?;
            let nodes: Vec<_> = nodes.split(',').collect();
            servers = Some(nodes.iter().map(|url| redis::client(url)).collect());
            redis::cluster(&nodes, records).await
        }
    };
    println!("{records} records, made in {:.0?}", started.elapsed());
    if let Some(servers) = &servers {
        redis::watch(servers).await;
    }
    let watch = busy::Watch::begin();
    let slowest = pages::measure(&*store)
        .await
        .map_err(|error| error.to_string())?;
    let seen = watch.end();
    let busy = match &servers {
        Some(servers) => redis::longest(servers).await,
        None => seen,
    };
    println!("claims with and without lists beside them:");
    let change = load::measure(&store, &options).await;
    println!("{name} took {:.0?}\n", started.elapsed());
    Ok(Summary {
        name,
        slowest,
        busy,
        change,
    })
}

fn variable(name: &str) -> Result<String, String> {
    std::env::var(name)
        .map_err(|_| format!("{name} is not set: run this by `cargo xtask bench lists`"))
}
