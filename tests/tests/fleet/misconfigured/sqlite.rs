//! SQLite: a file that is none, a name that is a directory, and a file that may
//! not grow.

use std::str::FromStr;

use examples::payments::{Flags, Service};
use idempotent_runtime::{Idempotency, SqliteStore};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use tokio::net::TcpListener;
use xtask::servers::Scratch;

use super::{asked, is_refused};
use crate::client::{effects, ledger, payment};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_database_is_refused_and_left_alone() {
    let scratch = Scratch::new().expect("a temporary directory");
    let file = scratch.join("notes");
    let text = "no database, but long enough to be taken for one ".repeat(40);
    std::fs::write(&file, &text).unwrap();
    let store = format!("sqlite:{}", file.display());
    is_refused(&store, &["no SQLite database"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    let store = format!("sqlite:{}", scratch.path().display());
    is_refused(&store, &["cannot be opened"]);
    is_refused("sqlite::memory:", &["MemoryStore"]);
}

/// A limit is a connection's, and no flag: the service runs in this process.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_file_refuses_new_payments_and_replays_old_ones() {
    let scratch = Scratch::new().expect("a temporary directory");
    let url = format!("sqlite:{}", scratch.join("payments").display());
    let options = SqliteConnectOptions::from_str(&url).unwrap();
    let options = options.synchronous(SqliteSynchronous::Full);
    let options = options.pragma("max_page_count", "60");
    let pool = SqlitePoolOptions::new().connect_lazy_with(options);
    let flags = Flags {
        store: url.parse().unwrap(),
        ..Flags::default()
    };
    let bounded = |_| Idempotency::builder(SqliteStore::new(pool));
    let service = Service::open_tuned(&flags, bounded).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(service.serve(listener, std::future::pending()));

    let first = asked(address, &payment("key-0", "tok_ok")).await;
    let mut refused = None;
    for number in 1..1_000 {
        let key = format!("key-{number}");
        let reply = asked(address, &payment(&key, "tok_ok")).await;
        if reply.status != 201 {
            refused = Some((key, reply));
            break;
        }
    }
    let (key, reply) = refused.expect("60 pages are full at last");
    assert_eq!((reply.status, reply.code().as_str()), (503, "store-full"));
    assert!(reply.header("retry-after").is_some());
    assert_eq!(effects(&ledger(address).await, &key), 0, "nothing ran");
    let again = asked(address, &payment("key-0", "tok_ok")).await;
    assert_eq!((again.is_replay(), again.body), (true, first.body));
}
