//! The payments example in each store and mode: judged by what it promises after a
//! crash, and accused of nothing.

use std::thread;

use crate::database::{Backend, Database};
use crate::judged::{AfterCrash, Judged, Service, soak};

/// What durable stores can do.
const LEASE: (&str, AfterCrash) = ("lease", AfterCrash::AtLeastOnce);
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
const TRANSACTIONAL: (&str, AfterCrash) = ("transactional", AfterCrash::ExactlyOnce);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payments_in_each_store_and_mode_are_proven() {
    let mut databases = Vec::new();
    let mut services = vec![Service {
        name: "memory, lease".into(),
        store: "memory".into(),
        mode: "lease",
        after_crash: AfterCrash::Gone,
    }];
    for (backend, (mode, after_crash)) in [
        #[cfg(feature = "sqlite")]
        (Backend::Sqlite, LEASE),
        #[cfg(feature = "sqlite")]
        (Backend::Sqlite, TRANSACTIONAL),
        #[cfg(feature = "postgres")]
        (Backend::Postgres, LEASE),
        #[cfg(feature = "postgres")]
        (Backend::Postgres, TRANSACTIONAL),
        #[cfg(feature = "mysql")]
        (Backend::MySql, LEASE),
        #[cfg(feature = "mysql")]
        (Backend::MySql, TRANSACTIONAL),
        #[cfg(feature = "redis")]
        (Backend::Redis, LEASE),
    ] {
        let database = Database::shared(backend).await;
        services.push(Service {
            name: format!("{backend}, {mode}"),
            store: database.store.clone(),
            mode,
            after_crash,
        });
        // A file is removed with its value.
        databases.push(database);
    }
    // Most of a run is waiting: all at a time.
    tokio::task::block_in_place(|| {
        thread::scope(|scope| {
            for service in &services {
                scope.spawn(|| is_proven(service));
            }
        });
    });
}

/// What the whole budget asks for and no run can show: a transaction leaves no key
/// behind, and a refund is too quick to be caught with one.
const UNPROVABLE: [&str; 2] = ["payments/lease", "refunds/lease"];

/// Whatever the machine is busy with, nothing may be accused: that is exit 1. Nor may
/// the run fail, or leave something unproven that can be proven.
fn is_proven(service: &Service) {
    let name = &service.name;
    let seeds = soak().unwrap_or(1);
    for seed in 1..=seeds {
        let Judged { code, text } = service.judge(seed);
        assert_ne!(code, Some(1), "{name}, seed {seed}: accused\n{text}");
        let unproven = unproven(&text);
        let is_proven = unproven.iter().all(|it| UNPROVABLE.contains(it));
        assert!(is_proven, "{name}, seed {seed}: {unproven:?}\n{text}");
        let expected = if unproven.is_empty() { 0 } else { 4 };
        assert_eq!(code, Some(expected), "{name}, seed {seed}\n{text}");
        let last = text.lines().last().unwrap_or_default();
        println!("{name:<24} seed {seed:<3} {last}");
    }
    println!("{name:<24} proven in {seeds} of {seeds} seeds, accused of nothing");
}

/// What the run selected and did not prove.
fn unproven(text: &str) -> Vec<&str> {
    let (_, names) = text
        .lines()
        .find_map(|line| line.split_once(" not proven, counted as skipped: "))
        .unwrap_or_default();
    names.split(", ").filter(|name| !name.is_empty()).collect()
}
