//! The Redis store on a real server: the one that the environment names, or a
//! private one where a test changes settings, breaks something or counts.
#![cfg(feature = "redis")]

#[path = "store_redis/conformance.rs"]
mod conformance;
#[path = "store_redis/full.rs"]
mod full;
#[path = "store_redis/golden.rs"]
mod golden;
#[path = "store_redis/refusals.rs"]
mod refusals;
#[path = "store_redis/restart.rs"]
mod restart;
#[path = "store_redis/rights.rs"]
mod rights;
#[path = "store_redis/scripts.rs"]
mod scripts;
#[path = "store_redis/server.rs"]
mod server;
#[path = "store_redis/size.rs"]
mod size;
#[path = "store_redis/waiting.rs"]
mod waiting;
