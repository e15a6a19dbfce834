//! The payments example in each store and mode: judged by what it promises after a
//! crash, and accused of nothing.

use crate::database::{Backend, Database};
use crate::judged::{AfterCrash, Judged, Service, soak};

/// Whatever the machine is busy with, nothing may be accused: that is exit 1. Nor may
/// the run fail, or leave something unproven.
fn is_proven(name: &str, service: &Service) {
    let seeds = soak().unwrap_or(1);
    let mut proven = 0;
    for seed in 1..=seeds {
        let Judged { code, text } = service.judge(seed);
        assert_ne!(code, Some(1), "{name}, seed {seed}: accused\n{text}");
        assert_eq!(code, Some(0), "{name}, seed {seed}\n{text}");
        proven += 1;
        let last = text.lines().last().unwrap_or_default();
        println!("{name:<24} seed {seed:<3} {last}");
    }
    println!("{name:<24} proven {proven} of {seeds}, accused 0");
}

async fn over(backend: Backend, mode: &'static str) {
    let database = Database::shared(backend).await;
    let service = Service {
        store: database.store.clone(),
        mode,
        after_crash: match mode {
            "transactional" => AfterCrash::ExactlyOnce,
            _ => AfterCrash::AtLeastOnce,
        },
    };
    let name = format!("{backend}, {mode}");
    tokio::task::block_in_place(|| is_proven(&name, &service));
}

#[test]
fn memory_lease() {
    let service = Service {
        store: "memory".into(),
        mode: "lease",
        after_crash: AfterCrash::Gone,
    };
    is_proven("memory, lease", &service);
}

macro_rules! proven {
    ($feature:literal, $name:ident, $backend:ident, $mode:literal) => {
        #[cfg(feature = $feature)]
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            over(Backend::$backend, $mode).await;
        }
    };
}

proven!("sqlite", sqlite_lease, Sqlite, "lease");
proven!("sqlite", sqlite_transactional, Sqlite, "transactional");
proven!("postgres", postgres_lease, Postgres, "lease");
proven!(
    "postgres",
    postgres_transactional,
    Postgres,
    "transactional"
);
proven!("mysql", mysql_lease, MySql, "lease");
proven!("mysql", mysql_transactional, MySql, "transactional");
proven!("redis", redis_lease, Redis, "lease");
