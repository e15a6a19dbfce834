//! The proof across processes: two real `payments` processes share a database,
//! are asked at random and are killed, paused and cut off from it. Each module
//! is one way in which things go wrong; its scenario is the same for every
//! store.
//!
//! What chance decides follows from a seed, which each scenario prints;
//! `IDEMPOTENT_TEST_SEED` sets it, to repeat a failure. When processes meet is
//! not decided by it: a repetition is likely to fail alike, not certain.
#![cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "redis"
))]

mod answer;
mod chance;
mod client;
#[cfg(feature = "prometheus")]
mod counted;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod crash_matrix;
mod database;
mod duplicates;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod exactly_once;
#[cfg(feature = "redis-cluster")]
mod failover;
mod instances;
mod kill_rounds;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "redis"))]
mod load;
mod misconfigured;
mod paused;
#[path = "../payments_over_tcp/place.rs"]
mod place;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "redis"))]
mod restarts;

use std::time::Duration;

/// A test of `scenario` for each store that processes can share.
macro_rules! over_each_store {
    ($scenario:path) => {
        #[cfg(feature = "postgres")]
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn over_postgres() {
            $scenario(crate::database::Backend::Postgres).await;
        }

        #[cfg(feature = "mysql")]
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn over_mysql() {
            $scenario(crate::database::Backend::MySql).await;
        }

        #[cfg(feature = "redis")]
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn over_redis() {
            $scenario(crate::database::Backend::Redis).await;
        }

        #[cfg(feature = "sqlite")]
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn over_sqlite() {
            $scenario(crate::database::Backend::Sqlite).await;
        }
    };
}
pub(crate) use over_each_store;

/// How often a scenario repeats itself: a soak's count, or its own.
fn count(variable: &str, default: usize) -> usize {
    std::env::var(variable).map_or(default, |count| count.parse().expect("a number"))
}

const fn millis(n: u64) -> Duration {
    Duration::from_millis(n)
}
