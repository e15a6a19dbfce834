//! The memory store's locks and counters. In this crate's own unit tests they
//! are shuttle's, which tries their interleavings one by one; so those tests
//! run this store inside a shuttle execution only, and all others are made of
//! the library as its users have it.

#[cfg(test)]
pub(super) use shuttle::sync::{Mutex, MutexGuard, atomic::AtomicUsize};
#[cfg(not(test))]
pub(super) use std::sync::{Mutex, MutexGuard, atomic::AtomicUsize};
