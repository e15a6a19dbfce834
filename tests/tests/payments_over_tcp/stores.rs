//! The same scenes over each durable store, on a real server: what clients are
//! promised does not depend on where it is kept.

use std::process::Command;

#[cfg(feature = "redis")]
use examples::client::Request;
#[cfg(feature = "redis")]
use examples::payments::Flags;
#[cfg(any(feature = "sqlite", feature = "redis"))]
use xtask::servers::Scratch;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "redis"))]
use xtask::servers::{Fleet, Kind};
#[cfg(feature = "redis")]
use xtask::servers::{Redis, Server};

#[cfg(feature = "redis")]
use crate::service::{Service, millis, payment};

/// What bounds the memory store, runs the suite, or takes five seconds to end
/// without its store.
const SKIPPED: [&str; 4] = [
    "bounds::",
    "noticing::",
    "stores::",
    "leaving::a_stop_waits_no_longer_than_five_seconds",
];
/// Of transactions, each of which has a connection, or the one file's lock.
const SKIPPED_IN_TRANSACTIONS: [&str; 1] = ["leaving::five_hundred_clients"];
/// The tests that are left, and a few that may go.
const FEWEST: usize = 25;

#[cfg(feature = "postgres")]
#[test]
fn over_postgres() {
    over_server(Kind::Postgres);
}

#[cfg(feature = "postgres")]
#[test]
fn in_transactions_of_postgres() {
    in_transactions_of(Kind::Postgres);
}

#[cfg(feature = "mysql")]
#[test]
fn over_mysql() {
    over_server(Kind::MariaDb);
}

#[cfg(feature = "mysql")]
#[test]
fn in_transactions_of_mysql() {
    in_transactions_of(Kind::MariaDb);
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

#[cfg(feature = "sqlite")]
#[test]
fn in_transactions_of_sqlite() {
    let scratch = Scratch::new().expect("a temporary directory");
    let store = format!("sqlite:{}", scratch.join("payments").display());
    in_mode("transactional", &store, &SKIPPED_IN_TRANSACTIONS);
}

#[cfg(feature = "redis")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_is_gone_is_told_with_its_reason() {
    let scratch = Scratch::new().expect("a temporary directory");
    let mut redis = Redis::start(&scratch.join("redis")).expect("a private Redis");
    let store = redis.url().parse().expect("a store of this build");
    let flag = |flags: &mut Flags| {
        flags.store = store;
        // A claim that the server takes after all holds its lease for nothing.
        flags.lease = Some(millis(500));
    };
    let service = Service::tuned(flag, |builder| builder).await;
    let health = Request::get("/healthz");
    assert_eq!(service.ask(&health).await.status, 200);
    redis.process().kill().expect("a process to kill");
    let told = service.ask(&health).await;
    assert_eq!(
        (told.status, told.json()["store"].as_str()),
        (503, Some("does not answer"))
    );
    let reason = told.json()["reason"].as_str().expect("a reason").to_owned();
    assert!(reason.contains("check that it runs"), "{reason}");
    assert!(!reason.contains("redis://"), "{reason}");
    // A payment is refused with nothing run, and may be sent again.
    let paid = service.ask(&payment("tok_ok", "r").key("k")).await;
    assert_eq!(
        (paid.status, paid.code().as_str()),
        (503, "store-unavailable")
    );
    assert!(paid.header("retry-after").is_some());
    redis
        .process()
        .restart()
        .expect("a server that starts again");
    let retried = service.settled(&payment("tok_ok", "r").key("k")).await;
    assert_eq!((retried.status, retried.is_replay()), (201, false));
    assert_eq!(service.effects("r").await, 1);
}

/// Over the environment's server of a kind, or one that ends with the test.
#[cfg(any(feature = "postgres", feature = "mysql", feature = "redis"))]
fn over_server(kind: Kind) {
    on_server(kind, over);
}

/// The same in transactions, which carry the records.
#[cfg(any(feature = "postgres", feature = "mysql"))]
fn in_transactions_of(kind: Kind) {
    on_server(kind, |store| {
        in_mode("transactional", store, &SKIPPED_IN_TRANSACTIONS);
    });
}

#[cfg(any(feature = "postgres", feature = "mysql", feature = "redis"))]
fn on_server(kind: Kind, run: impl FnOnce(&str)) {
    if let Ok(url) = std::env::var(kind.variable()) {
        return run(&as_flag(kind, &url));
    }
    let fleet = Fleet::start(&[kind]).expect("a private server");
    let variables = fleet.environment();
    let url = variables.iter().find(|(name, _)| *name == kind.variable());
    run(&as_flag(kind, &url.expect("its URL").1));
}

/// A URL as `--store` takes it: for a cluster, one URL with all nodes.
#[cfg(any(feature = "postgres", feature = "mysql", feature = "redis"))]
fn as_flag(kind: Kind, url: &str) -> String {
    match kind {
        Kind::RedisCluster => format!("redis-cluster://{}", url.replace("redis://", "")),
        _ => url.to_owned(),
    }
}

fn over(store: &str) {
    in_mode("lease", store, &[]);
}

fn in_mode(mode: &str, store: &str, skipped: &[&str]) {
    let own = std::env::current_exe().expect("a program of our own");
    let mut suite = Command::new(own);
    suite.env(crate::service::STORE, store);
    suite.env(crate::service::MODE, mode);
    let skipped = SKIPPED.iter().chain(skipped);
    suite.args(skipped.flat_map(|skipped| ["--skip", skipped]));
    let ended = suite.output().expect("a program that starts");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}");
    let passed = said
        .lines()
        .filter(|line| line.ends_with(" ... ok"))
        .count();
    assert!(passed >= FEWEST, "only {passed} ran: {said}");
}
