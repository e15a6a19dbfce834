//! Databases that cannot be used: the program says which and why, and never the
//! password.

use crate::example;

/// What the service says when it cannot start on a store.
fn refusal(store: &str) -> String {
    let ended = example("payments").args(["--store", store]).output();
    let ended = ended.expect("a program that starts");
    assert_eq!(ended.status.code(), Some(1), "{store}");
    assert!(ended.stdout.is_empty());
    let complaint = String::from_utf8(ended.stderr).expect("text");
    assert!(!complaint.contains("hunter2"), "{complaint}");
    complaint
}

/// Nothing listens on port 1.
#[allow(dead_code, reason = "not every feature has a server")]
fn refused(scheme: &str, store: &str) {
    let complaint = refusal(&format!("{scheme}://user:hunter2@{store}"));
    let says = format!("cannot use the store {scheme}://{store}: ");
    assert!(complaint.contains(&says), "{complaint}");
    assert!(complaint.contains("check that it runs"), "{complaint}");
}

#[cfg(feature = "postgres")]
#[test]
fn no_postgres() {
    refused("postgres", "127.0.0.1:1/db");
}

#[cfg(feature = "mysql")]
#[test]
fn no_mysql() {
    refused("mysql", "127.0.0.1:1/db");
}

#[cfg(feature = "redis")]
#[test]
fn no_redis() {
    refused("redis", "127.0.0.1:1/0");
}

#[cfg(feature = "redis-cluster")]
#[test]
fn no_redis_cluster() {
    refused("redis-cluster", "127.0.0.1:1,127.0.0.1:1");
}

#[cfg(feature = "sqlite")]
#[test]
fn no_folder_for_sqlite() {
    let complaint = refusal("sqlite:/nowhere/payments.db?hunter2");
    let says = "cannot use the store sqlite:/nowhere/payments.db: ";
    assert!(complaint.contains(says), "{complaint}");
}

#[test]
fn a_database_is_not_bounded_by_us() {
    for store in ["postgres://host/db", "sqlite:payments.db", "redis://host"] {
        let flags = ["--store", store, "--max-records", "5"];
        let ended = example("payments").args(flags).output();
        let ended = ended.expect("a program that starts");
        assert_eq!(ended.status.code(), Some(2));
        let complaint = String::from_utf8_lossy(&ended.stderr);
        let not_built = complaint.contains("--features ");
        assert!(
            not_built || complaint.contains("bounds the memory store only"),
            "{complaint}"
        );
    }
}
