//! The payments service as its clients meet it: real TCP, the real routes, the
//! real store. Each module is a part of what clients are promised.
//!
//! `IDEMPOTENT_TEST_STORE=postgres://…`, or any other that `--store` takes, runs
//! it over that store; `stores` does so for each.
//!
//! The suite fails when it should: with `IDEMPOTENT_TEST_STORE=none` the service
//! runs on a store that claims everything and remembers nothing.

mod accounts;
mod answers;
mod bounds;
mod conflicts;
mod keys;
mod leaving;
mod noticing;
mod place;
mod reading;
mod replays;
mod retries;
mod service;
#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "redis"
))]
mod stores;
