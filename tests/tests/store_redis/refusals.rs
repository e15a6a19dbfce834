//! Servers and URLs that the store refuses, each with what is wrong and what
//! to do, and never with the URL's password.

use idempotent_runtime::RedisStore;
use idempotent_runtime::outcome::Completion;
use idempotent_runtime::store::redis::RedisWarning;
use idempotent_runtime::store::{Store, StoreError};
use idempotent_runtime::{Answer, Fence};

use crate::server::{Private, Raw, claim, prefix, shared, store};

/// All that a log would show of an error.
fn told(error: &(dyn std::error::Error + 'static)) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", told(source)),
        None => error.to_string(),
    }
}

fn misconfigured<T>(outcome: Result<T, StoreError>) -> String {
    match outcome {
        Err(error @ StoreError::Misconfigured { .. }) => told(&error),
        Err(error) => panic!("another error: {error:?}"),
        Ok(_) => panic!("it was not refused"),
    }
}

fn unavailable<T>(outcome: Result<T, StoreError>) -> String {
    match outcome {
        Err(error @ StoreError::Unavailable { .. }) => told(&error),
        Err(error) => panic!("another error: {error:?}"),
        Ok(_) => panic!("it was not refused"),
    }
}

#[tokio::test]
async fn a_server_that_evicts_is_refused_with_the_reason() {
    let server = Private::start().await;
    let (store, mut raw) = (server.store().await, server.raw().await);
    let () = raw.call("CONFIG SET maxmemory 100mb").await;
    for policy in [
        "volatile-lru",
        "volatile-ttl",
        "allkeys-lru",
        "allkeys-random",
    ] {
        let () = raw
            .call(&format!("CONFIG SET maxmemory-policy {policy}"))
            .await;
        for refusal in [
            misconfigured(RedisStore::connect(&server.url()).await),
            misconfigured(store.check().await),
        ] {
            assert!(refusal.contains(policy), "{refusal}");
            assert!(refusal.contains("maxmemory-policy noeviction"), "{refusal}");
        }
    }
    let () = raw.call("CONFIG SET maxmemory 0").await;
    assert_eq!(store.check().await.unwrap(), [RedisWarning::WouldEvict]);
}

#[tokio::test]
async fn a_server_without_an_append_only_file_is_warned_of() {
    let server = Private::start().await;
    let store = server.store().await;
    assert_eq!(store.check().await.unwrap(), []);
    let () = server.raw().await.call("CONFIG SET appendonly no").await;
    let warnings = store.check().await.unwrap();
    assert_eq!(warnings, [RedisWarning::NoAppendOnlyFile]);
    assert!(warnings[0].to_string().contains("appendonly yes"));
}

#[tokio::test]
async fn a_check_leaves_no_record_behind() {
    let server = Private::start().await;
    server.store().await.check().await.unwrap();
    assert_eq!(server.raw().await.call::<u64>("DBSIZE").await, 0);
}

#[tokio::test]
async fn a_replica_is_refused_and_takes_no_claims() {
    let (primary, replica) = (Private::start().await, Private::launch());
    let store = replica.store().await;
    let port = primary.redis.port();
    let mut raw = replica.raw().await;
    let () = raw.call(&format!("REPLICAOF 127.0.0.1 {port}")).await;
    let refusal = misconfigured(store.check().await);
    assert!(refusal.contains("connect to its primary"), "{refusal}");
    let refusal = unavailable(store.claim(&claim()).await);
    assert!(refusal.contains("replica"), "{refusal}");
}

#[tokio::test]
async fn a_wrong_password_is_refused_without_being_told() {
    let server = Private::start().await;
    let mut raw = server.raw().await;
    let rule = "ACL SETUSER app on >right ~* &* +@all";
    let () = raw.call(rule).await;
    let () = raw.call("ACL SETUSER default off").await;
    let port = server.redis.port();
    for userinfo in ["app:hunter2@", "hunter2:hunter2@", ":hunter2@", ""] {
        let url = format!("redis://{userinfo}127.0.0.1:{port}/");
        let refusal = misconfigured(RedisStore::connect(&url).await);
        assert!(refusal.contains("password"), "{refusal}");
        assert!(!refusal.contains("hunter2"), "{refusal}");
    }
    let url = format!("redis://app:right@127.0.0.1:{port}/");
    RedisStore::connect(&url)
        .await
        .unwrap()
        .check()
        .await
        .unwrap();
}

#[tokio::test]
async fn a_url_that_cannot_be_used_is_refused_without_being_told() {
    for url in [
        "hunter2",
        "redis://:hunter2@127.0.0.1:99999/",
        "http://:hunter2@127.0.0.1/",
        "rediss://:hunter2@127.0.0.1/",
    ] {
        let refusal = misconfigured(RedisStore::connect(url).await);
        assert!(!refusal.contains("hunter2"), "{refusal}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let mut server = Private::start().await;
    let store = server.store().await;
    xtask::servers::Server::process(&mut server.redis)
        .kill()
        .unwrap();
    let refusal = unavailable(RedisStore::connect(&server.url()).await);
    assert!(refusal.contains("connection refused"), "{refusal}");
    unavailable(store.claim(&claim()).await);
    unavailable(store.inspect(&claim().id).await);
}

#[tokio::test]
async fn what_is_no_record_is_left_alone() {
    let (prefix, claim) = (prefix(), claim());
    let store = store().await.prefix(&prefix).unwrap();
    let mut raw = Raw::connect(shared()).await;
    let key = format!("{prefix}{}", claim.id);

    raw.set(&key, b"\x02 of a later version").await;
    let corrupt = store.claim(&claim).await.unwrap_err();
    assert!(told(&corrupt).contains("format version 2"), "{corrupt}");
    let answer = Answer::from_bytes(vec![2]);
    let complete = || store.complete(&claim.id, &claim.token, Fence::new(1), &answer, claim.ttl);
    assert!(matches!(complete().await, Err(StoreError::Corrupt { .. })));
    assert!(matches!(
        store.inspect(&claim.id).await,
        Err(StoreError::Corrupt { .. })
    ));
    assert_eq!(
        raw.call::<Vec<u8>>(&format!("GET {key}")).await,
        b"\x02 of a later version"
    );

    let () = raw.call(&format!("DEL {key}")).await;
    let () = raw.call(&format!("LPUSH {key} another")).await;
    let corrupt = store.claim(&claim).await.unwrap_err();
    assert!(told(&corrupt).contains("another type"), "{corrupt}");
    let () = raw.call(&format!("DEL {key}")).await;
    assert!(matches!(complete().await, Ok(Completion::Lost(_))));
}
