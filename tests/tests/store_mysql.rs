//! The MySQL store on a real MariaDB: the one that the environment names, or a
//! private one.
#![cfg(feature = "mysql")]

#[path = "store_mysql/conformance.rs"]
mod conformance;
#[path = "store_mysql/database.rs"]
mod database;
#[path = "store_mysql/races.rs"]
mod races;
#[path = "store_postgres/records.rs"]
mod records;
#[path = "store_mysql/refusals.rs"]
mod refusals;
#[path = "store_mysql/restart.rs"]
mod restart;
#[path = "store_mysql/round_trips.rs"]
mod round_trips;
#[path = "store_mysql/schema.rs"]
mod schema;
#[path = "store_mysql/sweep.rs"]
mod sweep;
#[path = "store_mysql/transaction_bounds.rs"]
mod transaction_bounds;
#[path = "store_mysql/transaction_callers.rs"]
mod transaction_callers;
#[path = "store_mysql/transaction_ends.rs"]
mod transaction_ends;
#[path = "store_mysql/transaction_fenced.rs"]
mod transaction_fenced;
#[path = "store_mysql/transaction_races.rs"]
mod transaction_races;
#[path = "store_mysql/transactions.rs"]
mod transactions;
