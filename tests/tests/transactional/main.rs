//! Exactly once: key, effect and answer in one transaction, on each database.
//! The scenes are the same files for all of them; a database says how its
//! transactions are had, and how effects are counted.
#![cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::duplicate_mod)] // the scenes, once for each database

mod gate;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "mysql")]
mod mysql8;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod proxy;
#[allow(dead_code)] // shared with the store's own tests
#[path = "../store_postgres/records.rs"]
mod records;
#[cfg(feature = "sqlite")]
mod sqlite;
