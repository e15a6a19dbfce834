//! The client's middleware, before a service in this process: what it sends
//! again, with which key, and when it stops.
#![cfg(feature = "client")]

mod connection;
mod keys;
mod pauses;
mod retries;
mod wire;

use std::time::Duration;

use idempotent_runtime::Key;

fn key() -> Key {
    Key::new("8e03978e-40d5").expect("a key")
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
