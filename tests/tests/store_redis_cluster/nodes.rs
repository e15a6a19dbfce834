//! Records are spread over the nodes, and every verb finds its own.

use std::time::Duration;

use idempotent_runtime::outcome::Ownership;
use idempotent_runtime::store::{Store, StoreError};
use idempotent_runtime::{RedisClusterStore, RedisStore};

use crate::cluster::{Private, call, claim, connect, prefix, primaries, shared};

#[tokio::test(flavor = "multi_thread")]
async fn records_spread_over_the_nodes_and_a_batch_finds_them_all() {
    let prefix = prefix();
    let store = connect(shared()).await.prefix(&prefix).unwrap();
    let mut leases = Vec::new();
    for _ in 0..1_500 {
        let claim = claim();
        store.claim(&claim).await.unwrap();
        leases.push((claim.id, claim.token, claim.lease));
    }
    let mut spread = Vec::new();
    for primary in primaries(shared()).await {
        let keys: Vec<String> = call(&primary, &format!("KEYS {prefix}*")).await;
        spread.push(keys.len());
        // Some nodes know the script, some do not.
        if spread.len() < 3 {
            let () = call(&primary, "SCRIPT FLUSH").await;
        }
    }
    println!("1,500 records over the primaries: {spread:?}");
    assert_eq!(spread.iter().sum::<usize>(), 1_500);
    assert!(spread.len() == 3 && spread.iter().all(|keys| *keys > 400));

    let lost = claim();
    leases.insert(700, (lost.id, lost.token, lost.lease));
    let extended = store.extend(&leases).await.unwrap();
    assert_eq!(extended.len(), 1_501);
    for (place, ownership) in extended.into_iter().enumerate() {
        let expected = if place == 700 {
            Ownership::Lost
        } else {
            Ownership::Held
        };
        assert_eq!(ownership, expected, "the lease {place}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_in_order_has_no_warnings() {
    assert_eq!(connect(shared()).await.check().await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_for_one_node_refuses_a_cluster() {
    let node = &primaries(shared()).await[0];
    match RedisStore::connect(node).await {
        Err(StoreError::Misconfigured { what }) => assert!(what.contains("RedisClusterStore")),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_node_that_evicts_is_enough_to_refuse() {
    let mut private = Private::start(Duration::from_secs(5)).await;
    let url = xtask::servers::Server::url(&private.cluster.nodes()[1]);
    let () = call(&url, "CONFIG SET maxmemory-policy allkeys-lru").await;
    let () = call(&url, "CONFIG SET maxmemory 100mb").await;
    match RedisClusterStore::connect(private.cluster.url().split(',')).await {
        Err(StoreError::Misconfigured { what }) => {
            assert!(what.contains(url.trim_start_matches("redis://")), "{what}");
            assert!(what.contains("allkeys-lru"), "{what}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nodes_that_cannot_be_used_are_refused_without_their_password() {
    let wrong = RedisClusterStore::connect(["redis://:hunter2@127.0.0.1:99999/"]).await;
    let absent = RedisClusterStore::connect(["redis://:hunter2@127.0.0.1:1/"]).await;
    for refusal in [wrong, absent] {
        let error = refusal.expect_err("there is no cluster");
        let source = std::error::Error::source(&error).map(ToString::to_string);
        assert!(
            !format!("{error} {source:?}").contains("hunter2"),
            "{error}"
        );
    }
}
