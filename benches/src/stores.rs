//! The durable stores against the raw limits of their servers, in one run.
//!
//! Absolute figures vary with the machine and its load: what to read is ratios,
//! each a median over rounds in which the contenders took turns.

mod connections;
mod copies;
mod exactly_once;
mod growth;
mod lease_mode;
mod mysql;
mod near_cache;
mod options;
mod pace;
mod postgres;
mod race;
mod raw;
pub(crate) mod records;
mod redis;
mod report;
mod sqlite;
mod trips;

use std::path::PathBuf;
use std::time::Instant;

pub use self::options::Options;

use self::report::Report;
use self::trips::Trips;

/// Runs all that is wanted, and prints it.
///
/// # Errors
/// Which server is not there.
pub async fn run(options: Options) -> Result<(), String> {
    let started = Instant::now();
    let mut report = Report::new(options);
    let mut trips = Trips::default();
    let directory = PathBuf::from(variable("IDEMPOTENT_TEST_SERVERS_DIR")?);
    if report.options.wants("redis") {
        let url = variable("IDEMPOTENT_TEST_REDIS")?;
        trips.redis(&mut report, &url).await;
        redis::measure(&mut report, &url).await;
        redis::measure_growth(&report, &url).await;
    }
    if report.options.wants("postgres") {
        let url = variable("IDEMPOTENT_TEST_POSTGRES")?;
        trips.postgres(&mut report, &url).await;
        postgres::measure(&mut report, &url).await;
        exactly_once::measure(&mut report, &mut trips, &url).await;
        postgres::measure_growth(&report, &url).await;
    }
    if report.options.wants("mysql") {
        let url = variable("IDEMPOTENT_TEST_MYSQL")?;
        trips.mysql(&mut report, &url).await;
        mysql::measure(&mut report, &url).await;
        mysql::measure_growth(&report, &url).await;
    }
    if report.options.wants("sqlite") {
        sqlite::measure(&mut report, &directory).await;
        sqlite::measure_growth(&report, &directory).await;
    }
    if report.options.wants("cache") {
        let url = variable("IDEMPOTENT_TEST_POSTGRES")?;
        near_cache::measure(&mut report, &url).await;
    }
    trips.print();
    report.close();
    println!("took {:.0?}", started.elapsed());
    Ok(())
}

fn variable(name: &str) -> Result<String, String> {
    std::env::var(name)
        .map_err(|_| format!("{name} is not set: run this by `cargo xtask bench stores`"))
}
