//! The PostgreSQL store on a real server: the one that the environment names,
//! or a private one.
#![cfg(feature = "postgres")]

#[path = "store_postgres/claims.rs"]
mod claims;
#[path = "store_postgres/conformance.rs"]
mod conformance;
#[path = "store_postgres/database.rs"]
mod database;
#[path = "store_postgres/lists.rs"]
mod lists;
#[path = "store_postgres/records.rs"]
mod records;
#[path = "store_postgres/refusals.rs"]
mod refusals;
#[path = "store_postgres/restart.rs"]
mod restart;
#[path = "store_postgres/schema.rs"]
mod schema;
#[path = "store_postgres/sweep.rs"]
mod sweep;
#[path = "store_postgres/waiting.rs"]
mod waiting;
