//! Which headers a replay has: those of the answer, as they were, but not
//! those that are true of one transmission or one browser only.

use axum::body::Body;
use axum::http::header::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use idempotent_runtime::IdempotencyBuilder;
use tests::{Reply, World};

use crate::routes;

/// A first answer with these headers, and its replay.
async fn replayed(headers: &[(&'static str, &[u8])]) -> (Reply, Reply) {
    replayed_by(|builder| builder, headers).await
}

async fn replayed_by(
    tune: impl FnOnce(IdempotencyBuilder) -> IdempotencyBuilder,
    headers: &[(&'static str, &[u8])],
) -> (Reply, Reply) {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let value = HeaderValue::from_bytes(value).unwrap();
        map.append(HeaderName::from_static(name), value);
    }
    let world = World::tuned(routes(), tune);
    world.work.answers(move |_| {
        let mut response = Response::new(Body::from("paid"));
        *response.headers_mut() = map.clone();
        response
    });
    let ask = || world.post("/pay").key("k").account("alice").send();
    let (first, retry) = (ask().await, ask().await);
    assert!(retry.is_replay());
    assert_eq!(retry.text(), "paid");
    (first, retry)
}

#[tokio::test]
async fn repeated_headers_keep_their_order() {
    let links: [(_, &[u8]); 4] = [
        ("link", b"</b>; rel=next"),
        ("x-trace", b"1"),
        ("link", b"</a>; rel=prev"),
        ("link", b"</b>; rel=next"),
    ];
    let (first, retry) = replayed(&links).await;
    let expected = ["</b>; rel=next", "</a>; rel=prev", "</b>; rel=next"];
    assert_eq!(retry.headers("link"), expected.map(str::as_bytes));
    assert_eq!(first.headers("link"), retry.headers("link"));
}

#[tokio::test]
async fn values_that_are_no_text_are_kept_byte_for_byte() {
    let value = b"caf\xe9 \xff\x80";
    let (_, retry) = replayed(&[("x-name", value), ("x-empty", b"")]).await;
    assert_eq!(retry.headers("x-name"), [value]);
    assert_eq!(retry.headers("x-empty"), [b""]);
}

#[tokio::test]
async fn what_belongs_to_one_transmission_is_left_out() {
    let hop_by_hop: [(_, &[u8]); 8] = [
        ("date", b"Mon, 01 Jan 2024 00:00:00 GMT"),
        ("keep-alive", b"timeout=5"),
        ("proxy-authenticate", b"Basic"),
        ("proxy-connection", b"close"),
        ("te", b"trailers"),
        ("trailer", b"x-checksum"),
        ("upgrade", b"h2c"),
        ("x-kept", b"1"),
    ];
    let (first, retry) = replayed(&hop_by_hop).await;
    for (name, _) in &hop_by_hop[..7] {
        assert!(first.headers.contains_key(*name), "{name}");
        assert!(!retry.headers.contains_key(*name), "{name}");
    }
    assert_eq!(retry.header("x-kept"), Some("1"));
}

#[tokio::test]
async fn what_connection_names_is_left_out() {
    let (_, retry) = replayed(&[
        ("connection", b"close, X-Hop"),
        ("connection", b"x-other-hop"),
        ("x-hop", b"1"),
        ("x-other-hop", b"1"),
        ("x-end", b"1"),
    ])
    .await;
    for name in ["connection", "x-hop", "x-other-hop"] {
        assert!(!retry.headers.contains_key(name), "{name}");
    }
    assert_eq!(retry.header("x-end"), Some("1"));
}

#[tokio::test]
async fn what_belongs_to_one_browser_is_left_out() {
    let (first, retry) = replayed(&[
        ("set-cookie", b"session=1"),
        ("access-control-allow-origin", b"https://a.example"),
        ("access-control-expose-headers", b"x-kept"),
    ])
    .await;
    for name in [
        "set-cookie",
        "access-control-allow-origin",
        "access-control-expose-headers",
    ] {
        assert!(first.headers.contains_key(name), "{name}");
        assert!(!retry.headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn a_service_may_allow_cookies_and_cors() {
    let allow = |builder: IdempotencyBuilder| {
        let origin = HeaderName::from_static("access-control-allow-origin");
        let cookie = HeaderName::from_static("set-cookie");
        builder.replay_header(cookie).replay_header(origin)
    };
    let headers: [(_, &[u8]); 4] = [
        ("set-cookie", b"a=1"),
        ("set-cookie", b"b=2"),
        ("access-control-allow-origin", b"*"),
        ("access-control-max-age", b"5"),
    ];
    let (_, retry) = replayed_by(allow, &headers).await;
    assert_eq!(retry.headers("set-cookie"), [b"a=1", b"b=2"]);
    assert_eq!(retry.header("access-control-allow-origin"), Some("*"));
    assert_eq!(retry.header("access-control-max-age"), None);
}

#[tokio::test]
async fn what_frames_a_message_cannot_be_allowed() {
    let allow = |builder: IdempotencyBuilder| {
        let names = ["connection", "transfer-encoding", "date", "content-length"];
        names.into_iter().fold(builder, |builder, name| {
            builder.replay_header(HeaderName::from_static(name))
        })
    };
    let headers: [(_, &[u8]); 3] = [
        ("connection", b"close"),
        ("transfer-encoding", b"chunked"),
        ("date", b"Mon, 01 Jan 2024 00:00:00 GMT"),
    ];
    let (_, retry) = replayed_by(allow, &headers).await;
    for (name, _) in headers {
        assert!(!retry.headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn the_content_length_is_made_anew() {
    let (_, retry) = replayed(&[("content-length", b"4")]).await;
    assert!(matches!(retry.headers("content-length")[..], [] | [b"4"]));
}

#[tokio::test]
async fn a_replay_is_not_cached_unless_the_answer_says_otherwise() {
    let (first, retry) = replayed(&[("etag", b"\"1\"")]).await;
    assert_eq!(first.header("cache-control"), None);
    assert_eq!(retry.header("cache-control"), Some("no-store"));
    let (_, retry) = replayed(&[("cache-control", b"private, max-age=60")]).await;
    assert_eq!(retry.header("cache-control"), Some("private, max-age=60"));
}

#[tokio::test]
async fn a_replay_says_so_once() {
    // As if the answer came from a service that is idempotent itself.
    let (_, retry) = replayed(&[("idempotent-replayed", b"false")]).await;
    assert_eq!(retry.headers("idempotent-replayed"), [b"true"]);
}

#[tokio::test]
async fn a_hundred_headers_are_kept() {
    let world = World::new(routes());
    world.work.answers(|_| {
        let mut response = Response::new(Body::from("paid"));
        for n in 0..100 {
            let name = HeaderName::try_from(format!("x-{n}")).unwrap();
            let value = HeaderValue::try_from("v".repeat(n * 3)).unwrap();
            response.headers_mut().append(name, value);
        }
        response
    });
    let ask = || world.post("/pay").key("k").account("alice").send();
    let (first, mut retry) = (ask().await, ask().await);
    for own in ["idempotent-replayed", "cache-control"] {
        assert!(retry.headers.remove(own).is_some());
    }
    assert_eq!(first.headers, retry.headers);
}
