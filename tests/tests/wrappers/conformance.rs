//! The wrappers keep every promise of the store within.

use idempotent_runtime::store::{Cached, Encrypted, Keyring};
use idempotent_runtime::{MemoryStore, Store, conformance};

fn ring() -> Keyring {
    Keyring::new(1, &[1; 32])
}

async fn keeps_every_promise(store: impl Store) {
    let report = conformance::check(store).await;
    report.assert_passed();
    assert_eq!(report.not_applicable(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_near_cache_keeps_every_promise() {
    keeps_every_promise(Cached::new(MemoryStore::new(), 64 << 20)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_near_cache_keeps_every_promise_in_real_time() {
    keeps_every_promise(Cached::new(MemoryStore::new(), 64 << 20)).await;
}

/// Nearly everything is evicted at once.
#[tokio::test(start_paused = true)]
async fn a_near_cache_without_room_keeps_every_promise() {
    keeps_every_promise(Cached::new(MemoryStore::new(), 1_000)).await;
}

#[tokio::test(start_paused = true)]
async fn an_encrypted_store_keeps_every_promise() {
    keeps_every_promise(Encrypted::new(MemoryStore::new(), ring())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_encrypted_store_keeps_every_promise_in_real_time() {
    keeps_every_promise(Encrypted::new(MemoryStore::new(), ring())).await;
}

#[tokio::test(start_paused = true)]
async fn both_keep_every_promise_in_either_order() {
    let inner = Encrypted::new(MemoryStore::new(), ring());
    keeps_every_promise(Cached::new(inner, 64 << 20)).await;
    let inner = Cached::new(MemoryStore::new(), 64 << 20);
    keeps_every_promise(Encrypted::new(inner, ring())).await;
}
