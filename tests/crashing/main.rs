//! A service that can be stopped at every point of an operation in one
//! transaction, for the crash matrix: at the point that its second argument names
//! it says so and goes no further, so that whoever started it can kill it there.
//!
//! The points are wrapped around a store and its transactions, as another client
//! library would be; nothing of the runtime knows of them.

#![cfg_attr(
    not(any(feature = "postgres", feature = "sqlite", feature = "mysql")),
    allow(dead_code, unreachable_code, unused_variables)
)]
#![allow(clippy::duplicate_mod)] // the service, once for each database

#[cfg(feature = "mysql")]
mod mysql;
mod point;
#[cfg(feature = "postgres")]
mod postgres;
mod records;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod transaction;

use std::io::Write;

use axum::Router;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().expect("a database's URL");
    point::choose(arguments.next());
    let router: Router = match url.split_once(':') {
        #[cfg(feature = "postgres")]
        Some(("postgres", _)) => postgres::router(&url).await,
        #[cfg(feature = "sqlite")]
        Some(("sqlite", _)) => sqlite::router(&url).await,
        #[cfg(feature = "mysql")]
        Some(("mysql", _)) => mysql::router(&url).await,
        _ => panic!("this build has no such database"),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    println!("listening on http://{address}");
    std::io::stdout().flush().expect("a reader");
    axum::serve(listener, router).await.expect("it serves");
}
