//! Allocations of each request, and bytes of each stored record.

use std::alloc::System;

use benches::measure::sequence;
use benches::subjects::{self, Subject};
use benches::table;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const REQUESTS: u64 = 100_000;
const BATCH: u64 = 1_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut rows = Vec::new();
    for subject in subjects::all().await {
        let (miss, stored) = run(&subject).await;
        let (hit, _) = run(&subject).await;
        let stored = if subject.replays {
            format!("{stored:.0}")
        } else {
            "-".to_owned()
        };
        rows.push(vec![
            subject.name.to_owned(),
            format!("{miss:.1}"),
            format!("{hit:.1}"),
            stored,
        ]);
    }
    println!("allocations for each request, bytes kept for each of {REQUESTS} records");
    table::print(&["", "miss", "replay", "bytes/record"], &rows);
}

/// Allocations for each request, and bytes that stayed.
async fn run(subject: &Subject) -> (f64, f64) {
    let before = Region::new(ALLOCATOR);
    let mut allocations = 0;
    for batch in 0..REQUESTS / BATCH {
        let keys = batch * BATCH..(batch + 1) * BATCH;
        let requests = keys.map(|key| subject.requests.with_key(key)).collect();
        let region = Region::new(ALLOCATOR);
        sequence(&subject.router, requests).await;
        allocations += region.change().allocations;
    }
    let change = before.change();
    let kept = change.bytes_allocated as f64 - change.bytes_deallocated as f64;
    (allocations as f64 / REQUESTS as f64, kept / REQUESTS as f64)
}
