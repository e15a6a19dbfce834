//! The memory store keeps every promise of the store's contract, on a clock
//! that runs and on one that is paused.

use std::sync::Arc;
use std::time::Duration;

use idempotent_runtime::record::{RecordId, ScopeDigest};
use idempotent_runtime::store::{Claim, StoreError};
use idempotent_runtime::{Lease, MemoryStore, Scope, Store, Token, Ttl, conformance};
use tests::keeps_every_promise;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_memory_store_passes_in_real_time() {
    let report = keeps_every_promise("memory", MemoryStore::new()).await;
    assert_eq!(report.not_applicable(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_memory_store_passes_in_paused_time() {
    conformance::check(MemoryStore::new()).await.assert_passed();
}

/// Nobody sweeps here: a refused claim itself makes the room that there is.
#[tokio::test(start_paused = true)]
async fn dead_keys_count_for_no_quota_without_a_sweep() {
    let suite = conformance::Suite::new(Arc::new(MemoryStore::new()));
    let report = suite.only("a quota counts living keys only").run().await;
    report.assert_passed();
    assert_eq!(report.passed(), 1);
}

#[tokio::test(start_paused = true)]
async fn dead_records_leave_room_in_a_full_store_without_a_sweep() {
    let store = MemoryStore::builder()
        .max_records(8)
        .quota_per_scope(8)
        .build();
    let scope = ScopeDigest::of(&Scope::public());
    let claim = |number: u8| {
        let id = RecordId::from_bytes([number; RecordId::BYTES]);
        let mut claim = Claim::new(id, "test", scope, Token::mint().unwrap());
        claim.lease = Lease::new(Duration::from_secs(1)).unwrap();
        claim.ttl = Ttl::new(Duration::from_secs(1)).unwrap();
        claim
    };
    for number in 0..8 {
        store.claim(&claim(number)).await.unwrap();
    }
    let full = store.claim(&claim(8)).await;
    assert!(
        matches!(full, Err(StoreError::QuotaExceeded { .. })),
        "{full:?}"
    );

    tokio::time::sleep(Duration::from_secs(4)).await;
    for number in 100..108 {
        store.claim(&claim(number)).await.unwrap();
    }
    assert_eq!(store.len(), 8);
}
