//! The same scenes over each durable store, on a real server: what clients are
//! promised does not depend on where it is kept.

use std::process::Command;

#[cfg(feature = "sqlite")]
use xtask::servers::Scratch;
#[cfg(any(feature = "postgres", feature = "redis"))]
use xtask::servers::{Fleet, Kind};

/// What bounds the memory store, or runs the suite.
const SKIPPED: [&str; 3] = ["bounds::", "noticing::", "stores::"];
/// The tests that are left, and a few that may go.
const FEWEST: usize = 25;

#[cfg(feature = "postgres")]
#[test]
fn over_postgres() {
    over_server(Kind::Postgres);
}

#[cfg(feature = "redis")]
#[test]
fn over_redis() {
    over_server(Kind::Redis);
}

#[cfg(feature = "redis-cluster")]
#[test]
fn over_redis_cluster() {
    over_server(Kind::RedisCluster);
}

#[cfg(feature = "sqlite")]
#[test]
fn over_sqlite() {
    let scratch = Scratch::new().expect("a temporary directory");
    over(&format!("sqlite:{}", scratch.join("payments").display()));
}

/// Over the environment's server of a kind, or one that ends with the test.
#[cfg(any(feature = "postgres", feature = "redis"))]
fn over_server(kind: Kind) {
    if let Ok(url) = std::env::var(kind.variable()) {
        return over(&as_flag(kind, &url));
    }
    let fleet = Fleet::start(&[kind]).expect("a private server");
    let variables = fleet.environment();
    let url = variables.iter().find(|(name, _)| *name == kind.variable());
    over(&as_flag(kind, &url.expect("its URL").1));
}

/// A URL as `--store` takes it: for a cluster, one URL with all nodes.
#[cfg(any(feature = "postgres", feature = "redis"))]
fn as_flag(kind: Kind, url: &str) -> String {
    match kind {
        Kind::RedisCluster => format!("redis-cluster://{}", url.replace("redis://", "")),
        _ => url.to_owned(),
    }
}

fn over(store: &str) {
    let own = std::env::current_exe().expect("a program of our own");
    let mut suite = Command::new(own);
    suite.env(crate::service::STORE, store);
    suite.args(SKIPPED.iter().flat_map(|skipped| ["--skip", skipped]));
    let ended = suite.output().expect("a program that starts");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}");
    let passed = said
        .lines()
        .filter(|line| line.ends_with(" ... ok"))
        .count();
    assert!(passed >= FEWEST, "only {passed} ran: {said}");
}
