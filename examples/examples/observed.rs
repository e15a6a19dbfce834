//! A service that makes every mistake there is a detector for:
//! `cargo run -p examples --features observed --example observed`.
//!
//! It sends itself traffic, first as it should be, then with planted faults,
//! prints what the detectors found, and fails if that is not exactly the list
//! of what was planted. With `--serve` it goes on, a round every five seconds,
//! for a Prometheus to scrape:
//!
//! ```sh
//! cargo run -p examples --features observed --example observed -- --serve --port 9000 &
//! curl localhost:9000/metrics
//! ```

use std::error::Error;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    examples::observed::run(std::env::args_os().skip(1)).await
}
