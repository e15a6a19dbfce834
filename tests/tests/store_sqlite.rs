//! The SQLite store on files in a temporary directory.
#![cfg(feature = "sqlite")]

#[path = "store_sqlite/commits.rs"]
mod commits;
#[path = "store_sqlite/conformance.rs"]
mod conformance;
#[path = "store_sqlite/expiry.rs"]
mod expiry;
#[path = "store_sqlite/file.rs"]
mod file;
#[path = "store_sqlite/full.rs"]
mod full;
#[path = "store_sqlite/processes.rs"]
mod processes;
#[path = "store_sqlite/races.rs"]
mod races;
#[path = "store_postgres/records.rs"]
mod records;
#[path = "store_sqlite/refusals.rs"]
mod refusals;
#[path = "store_sqlite/schema.rs"]
mod schema;
#[path = "store_sqlite/sweep.rs"]
mod sweep;
#[path = "store_sqlite/transactions.rs"]
mod transactions;
#[path = "store_sqlite/transactions_elsewhere.rs"]
mod transactions_elsewhere;
#[path = "store_sqlite/transactions_ended.rs"]
mod transactions_ended;
