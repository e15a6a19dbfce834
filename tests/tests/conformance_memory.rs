//! The memory store keeps every promise of the store's contract, on a clock
//! that runs and on one that is paused.

use idempotent_runtime::{MemoryStore, conformance};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_memory_store_passes_in_real_time() {
    let report = conformance::check(MemoryStore::new()).await;
    report.assert_passed();
    assert_eq!(report.not_applicable(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_memory_store_passes_in_paused_time() {
    conformance::check(MemoryStore::new()).await.assert_passed();
}
