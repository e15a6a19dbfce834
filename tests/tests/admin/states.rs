//! A store that does not answer, pages that are not there, nothing to show:
//! each says so in words.

use axum::http::StatusCode;

use crate::world::{ACTOR, READER, Service};

#[tokio::test]
async fn while_the_store_is_down_this_processes_figures_stay() {
    let service = Service::new();
    let running = service.hanging("runs").await;
    let done = service.done("paid").await;
    service.store.cut_off();
    let overview = service.get(READER, "").await;
    assert_eq!(overview.status, StatusCode::OK);
    let words = overview.words();
    assert!(words.contains("The store does not answer."), "{words}");
    assert!(
        words.contains("Down") && words.contains("shop::hang"),
        "{words}"
    );
    assert!(words.contains("1 in"), "{words}");
    for path in [
        "/records",
        &format!("/records/{}", done.id),
        &format!("/records/{}/end-lease", running.id),
    ] {
        let page = service.get(ACTOR, path).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(
            page.words().contains("The store does not answer"),
            "{path}: {}",
            page.words()
        );
    }
    for path in ["/findings", "/operations"] {
        assert_eq!(
            service.get(READER, path).await.status,
            StatusCode::OK,
            "{path}"
        );
    }
    let api = service.get(READER, "/api/v1/records").await;
    assert_eq!(
        (api.status, api.json()["code"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("store-unavailable"))
    );
    assert_eq!(api.header("retry-after"), "5");
    let overview = service.get(READER, "/api/v1/overview").await.json();
    assert_eq!(
        (&overview["store"]["is_up"], &overview["in_flight"]),
        (&false.into(), &1.into())
    );
}

#[tokio::test]
async fn what_is_not_there_is_told_in_words() {
    let service = Service::new();
    for path in [
        "/nothing",
        "/records/9f",
        "/records/zz/forget",
        "/assets/0.css",
        "/findings/9f",
    ] {
        let page = service.get(READER, path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            page.header("content-type").starts_with("text/html"),
            "{path}"
        );
        assert!(page.text.contains("<h1>No "), "{path}: {}", page.words());
    }
    for path in ["/api/nothing", "/api/v1/findings/9f"] {
        let got = service.get(READER, path).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(
            got.header("content-type"),
            "application/problem+json",
            "{path}"
        );
    }
    let wrong = service.post(READER, "/records", &[]).await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    let wrong = service.post(READER, "/api/v1/records", &[]).await;
    assert_eq!(wrong.json()["code"], "method-not-allowed");
}

#[tokio::test]
async fn a_new_service_has_nothing_to_show_and_says_so() {
    let service = Service::new();
    let words = service.get(READER, "").await.words();
    for part in [
        "No findings since this process started",
        "Nothing runs under a lease in this process",
        "No calls since",
    ] {
        assert!(words.contains(part), "no `{part}` in {words}");
    }
}

#[tokio::test]
async fn a_record_without_a_fingerprint_says_so_and_shows_no_zeros() {
    let service = Service::new();
    let done = service.done("paid").await;
    let page = service.get(READER, &format!("/records/{}", done.id)).await;
    let words = page.words();
    assert!(
        words.contains("a changed request is not noticed"),
        "{words}"
    );
    assert!(!words.contains("000000"), "{words}");
}
