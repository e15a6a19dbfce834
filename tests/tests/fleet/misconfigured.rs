//! Databases that the service cannot use as they are: it does not start, says
//! which, why and what to do, and never the password. What breaks later is told
//! to clients and at `/healthz`.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::net::SocketAddr;

use examples::client::{Reply, Request, ask};

use crate::instances::refused;

/// A password that no message may repeat.
const PASSWORD: &str = "hunter2";

/// The service refuses the store, and says all of this on one line.
fn is_refused(store: &str, says: &[&str]) {
    let ended = refused(store);
    let complaint = String::from_utf8(ended.stderr).expect("text");
    assert_eq!(ended.status.code(), Some(1), "{complaint}");
    assert!(ended.stdout.is_empty(), "it never listened");
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    assert!(
        complaint.starts_with("payments: cannot use the store "),
        "{complaint}"
    );
    assert!(!complaint.contains(PASSWORD), "{complaint}");
    for word in says {
        assert!(complaint.contains(word), "{word}: {complaint}");
    }
}

/// The URL with another user.
#[cfg(any(feature = "postgres", feature = "mysql", feature = "redis"))]
fn as_user(url: &str, user: &str) -> String {
    let (scheme, rest) = url.split_once("://").expect("a URL");
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}://{user}:{PASSWORD}@{host}")
}

/// What `/healthz` gives as the reason.
#[cfg(any(feature = "postgres", feature = "mysql"))]
async fn unhealthy(service: SocketAddr) -> String {
    let told = asked(service, &Request::get("/healthz")).await;
    assert_eq!(told.status, 503);
    let told = told.json();
    told["reason"].as_str().expect("a reason").to_owned()
}

async fn asked(service: SocketAddr, request: &Request) -> Reply {
    ask(service, request).await.expect("an answer")
}
