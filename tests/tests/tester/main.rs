//! `cargo idempotent` against the payments example: in each store and mode it is judged
//! by what that mode promises, and accused of nothing; without a store it must fail.
//!
//! `cargo xtask soak zoo` has all scenarios with the whole budget, and says with how
//! many seeds; without it one seed has those that matter most, with few bursts.
#![cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "redis"
))]

#[path = "../fleet/database.rs"]
#[allow(dead_code, reason = "the fleet looks into records as well")]
mod database;
mod judged;
mod none;
#[path = "../payments_over_tcp/place.rs"]
mod place;
mod stores;

/// What `database` knows of the fleet's clients.
mod client {
    pub(crate) const ACCOUNT: &str = "acme";
}
