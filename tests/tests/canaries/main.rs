//! Nothing of a client's, and no secret, in anything that operators see:
//! canaries are planted wherever a value comes in, every path is walked on
//! every store, healthy and failing, and all that is shown is searched for
//! them. A new place where operators look is one more line of [`seen::Seen::of`].
#![cfg_attr(
    any(feature = "postgres", feature = "mysql", feature = "sqlite"),
    allow(clippy::duplicate_mod)
)] // the bodies in a transaction, once for each database

mod memory;
#[cfg(feature = "mysql")]
mod mysql;
mod page;
#[cfg(any(
    feature = "postgres",
    feature = "mysql",
    feature = "sqlite",
    feature = "redis"
))]
mod paths;
mod planted;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "redis-cluster")]
mod redis_cluster;
mod seen;
mod service;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(any(
    feature = "postgres",
    feature = "mysql",
    feature = "sqlite",
    feature = "redis"
))]
mod verbs;
