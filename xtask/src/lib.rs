//! Private servers for tests, and what else the workspace's tests share with
//! `cargo xtask`.
//!
//! Nothing here needs an async runtime, root, or a running service. A server
//! lives in a directory of its own, listens on a loopback port of its own, and
//! ends with the value that stands for it, or with the process that started
//! it, even after `kill -9`.

pub mod axe;
mod deadline;
pub mod python;
pub mod servers;
mod watchdog;

pub use deadline::Deadline;
pub use watchdog::Watchdog;
