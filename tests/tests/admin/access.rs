//! Nothing of the page is there for who is not let through.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use idempotent_runtime::{Idempotency, admin};
use serde_json::json;

use crate::world::{ACTOR, Got, PREFIX, READER, Service, request};

const METHODS: [Method; 5] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::DELETE,
    Method::OPTIONS,
];

#[tokio::test]
async fn every_address_asks_who_you_are() {
    let service = Service::new();
    service.done("paid").await;
    service.hanging("hangs").await;
    let mut addresses = service.crawl("root").await;
    assert!(
        addresses.len() > 15,
        "the crawl found little: {addresses:?}"
    );
    for kind in [
        "/events",
        "/assets/",
        "/end-lease",
        "/forget",
        "/lookup",
        "openapi.json",
    ] {
        assert!(
            addresses.iter().any(|it| it.contains(kind)),
            "no {kind} in {addresses:?}"
        );
    }
    let document = service.get(READER, "/api/openapi.json").await.json();
    let paths = document["paths"].as_object().expect("paths").keys();
    addresses.extend(paths.map(|path| format!("{PREFIX}{}", path.replace("{id}", "9f"))));
    for unknown in [
        "/nothing",
        "/assets/nothing.css",
        "/api/nothing",
        "/api/v1/../x",
        "/records/%00",
    ] {
        addresses.insert(format!("{PREFIX}{unknown}"));
    }
    for address in addresses {
        let path = address
            .strip_prefix(PREFIX)
            .expect("an address of the page");
        for method in METHODS {
            let request = request(method.as_str(), "", path).body(Body::empty());
            let got = service.send(request.expect("a request")).await;
            assert_eq!(got.status, StatusCode::UNAUTHORIZED, "{method} {address}");
            assert_eq!(got.text, "", "{method} {address}");
        }
    }
}

#[tokio::test]
async fn without_actions_everybody_only_reads() {
    let service = Service::of(|page| page);
    let done = service.done("paid").await;
    let page = service.get(ACTOR, &format!("/records/{}", done.id)).await;
    assert!(
        page.words()
            .contains("Actions are not enabled on this page."),
        "{}",
        page.text
    );
    assert!(page.words().contains("read-only"));
    for action in ["end-lease", "forget"] {
        let path = format!("/records/{}/{action}", done.id);
        let confirm = service.get(ACTOR, &path).await;
        assert_eq!(confirm.status, StatusCode::FORBIDDEN);
        assert!(confirm.words().contains("This page only reads"));
        assert_eq!(
            service.post(ACTOR, &path, &[]).await.status,
            StatusCode::FORBIDDEN
        );
        let api = service
            .post_json(ACTOR, &format!("/api/v1{path}"), &json!({"fence": 1}))
            .await;
        assert_eq!(
            (api.status, api.json()["code"].as_str()),
            (StatusCode::FORBIDDEN, Some("read-only"))
        );
    }
    assert!(service.seen(&done.id).await.is_some());
}

#[tokio::test]
async fn an_open_page_says_why_and_nobody_acts_on_it() {
    let idempotency = Idempotency::in_memory();
    let page = admin::router(&idempotency)
        .actions()
        .without_auth("bound to <b>127.0.0.1</b>");
    let service = Service {
        router: Router::new().nest(PREFIX, page),
        idempotency,
        ..Service::new()
    };
    let done = service.done("paid").await;
    let got = service.get("", "").await;
    assert_eq!(got.status, StatusCode::OK);
    assert!(got.words().contains("No authentication."));
    assert!(
        got.text.contains("bound to &#60;b&#62;127.0.0.1"),
        "{}",
        got.text
    );
    let path = format!("/records/{}/forget", done.id);
    let confirm: Got = service.get("", &path).await;
    assert_eq!(confirm.status, StatusCode::FORBIDDEN);
    assert!(confirm.words().contains("Nobody is named"));
    let posted = service
        .post("", &path, &[("fence", "1"), ("token", "x")])
        .await;
    assert_eq!(posted.status, StatusCode::FORBIDDEN);
}
