//! Private servers: PostgreSQL, MariaDB, Redis, a Redis Cluster, Prometheus, and
//! `ChromeDriver`.
//!
//! ```no_run
//! use xtask::servers::{Redis, Scratch, Server};
//!
//! # fn main() -> Result<(), xtask::servers::Error> {
//! let scratch = Scratch::new()?;
//! let mut redis = Redis::start(&scratch.join("redis"))?;
//! println!("{}", redis.url());
//! redis.process().kill()?;    // as `kill -9` does
//! redis.process().restart()?; // the same port, the same data
//! redis.process().pause()?;   // SIGSTOP, for a pause past a lease
//! redis.process().resume()?;
//! # Ok(())
//! # } // dropped: the server is stopped, its directory removed
//! ```
//!
//! A test that only needs *a* server takes the shared one, whose URL is in the
//! environment (see [`Kind::variable`]). A test that kills or pauses one starts
//! its own, so that no other test sees its fault.
//!
//! The servers write to disk as production would (fsync on, AOF always): what
//! the fault tests say about `kill -9` would mean little otherwise.

mod account;
mod chromedriver;
mod cluster;
mod data;
mod error;
mod fleet;
mod kind;
mod launch;
mod mariadb;
mod ports;
mod postgres;
mod process;
mod process_tree;
mod programs;
mod prometheus;
mod redis;
mod resp;
mod scratch;
mod secret;

pub use chromedriver::ChromeDriver;
pub use cluster::RedisCluster;
pub use error::Error;
pub use fleet::Fleet;
pub use kind::Kind;
pub use mariadb::MariaDb;
pub use postgres::Postgres;
pub use process::Process;
pub(crate) use programs::find;
pub use prometheus::{Labels, Prometheus, Sample, Watch};
pub use redis::Redis;
pub use scratch::Scratch;

/// What went well, or why a server could not be had.
pub type Result<T> = std::result::Result<T, Error>;

/// A running server of any kind.
pub trait Server {
    /// Where to connect to, with the password if it has one.
    fn url(&self) -> String;

    /// The process behind it: to kill, restart, pause and resume it.
    fn process(&mut self) -> &mut Process;
}
