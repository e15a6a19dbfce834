//! Records are listed by state and operation, page by page, with the filter in
//! the address, and each once.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use idempotent_runtime::store::StoreError;
use idempotent_runtime::{Idempotency, MemoryStore, admin};
use tests::RequiredOnly;

use crate::world::{PREFIX, READER, Service, attributes};

fn record_links(html: &str) -> Vec<String> {
    let links = attributes(html)
        .into_iter()
        .filter(|(name, value)| name == "href" && value.starts_with("/ops/idem/records/"));
    links.map(|(_, value)| value).collect()
}

#[tokio::test]
async fn every_record_is_on_one_page_and_the_filter_stays_in_the_address() {
    let service = Service::new();
    for n in 0..120 {
        service.done(&format!("key {n}")).await;
    }
    service.hanging("runs").await;
    let mut path = "/records?state=done&operation=shop%3A%3Acharge".to_owned();
    let (mut seen, mut pages) = (BTreeSet::new(), 0);
    loop {
        let page = service.get(READER, &path).await;
        assert_eq!(page.status, StatusCode::OK);
        let links = record_links(&page.text);
        assert!(links.len() <= 50);
        for link in links {
            assert!(seen.insert(link), "a record came twice");
        }
        pages += 1;
        assert!(
            page.text.contains("<option value=\"done\" selected>"),
            "{}",
            page.text
        );
        assert!(page.text.contains("value=\"shop::charge\""));
        let next = attributes(&page.text).into_iter().find(|(name, value)| {
            name == "href"
                && value.contains("after=")
                && !value.contains(path.split("after=").nth(1).unwrap_or("\0"))
        });
        let Some((_, next)) = next else { break };
        assert!(
            next.contains("state=done") && next.contains("operation=shop%3A%3Acharge"),
            "{next}"
        );
        path = next.strip_prefix(PREFIX).expect("our own").to_owned();
    }
    assert_eq!((seen.len(), pages), (120, 3));
    let running = service.get(READER, "/records?state=running").await;
    assert_eq!(record_links(&running.text).len(), 1);
    assert!(
        running.words().contains("1 record, all that match"),
        "{}",
        running.words()
    );
}

#[tokio::test]
async fn an_empty_store_and_an_empty_match_say_so() {
    let service = Service::new();
    let words = service.get(READER, "/records").await.words();
    assert!(words.contains("The store is empty"), "{words}");
    service.done("paid").await;
    let words = service.get(READER, "/records?state=stuck").await.words();
    assert!(
        words.contains("Nothing matches. Show all records"),
        "{words}"
    );
}

#[tokio::test]
async fn what_is_no_filter_is_told() {
    let service = Service::new();
    for path in [
        "/records?state=gone",
        "/records?after=zz",
        "/records?limit=0",
        "/records?limit=501",
    ] {
        let page = service.get(READER, path).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(page.words().contains("Not understood"), "{path}");
        let api = service.get(READER, &format!("/api/v1{path}")).await;
        assert_eq!(api.json()["code"], "unreadable", "{path}");
    }
}

#[tokio::test]
async fn a_store_without_lists_says_so_and_looks_up_all_the_same() {
    let idempotency = Idempotency::new(RequiredOnly(MemoryStore::new()));
    let listed = idempotency.store().stats().await;
    assert!(matches!(listed, Err(StoreError::Unsupported { .. })));
    let page = admin::router(&idempotency).without_auth("a test");
    let service = Service {
        router: axum::Router::new().nest(PREFIX, page),
        idempotency,
        ..Service::new()
    };
    let done = service.done("paid").await;
    let list = service.get("", "/records").await;
    assert_eq!(list.status, StatusCode::NOT_IMPLEMENTED);
    assert!(
        list.words().contains("This store has no `list`."),
        "{}",
        list.words()
    );
    let overview = service.get("", "").await;
    assert_eq!(overview.status, StatusCode::OK);
    assert!(overview.words().contains("the store does not count them"));
    assert!(overview.words().contains("Reachable"));
    let page = service.get("", &format!("/records/{}", done.id)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.words().contains("This store has no `answer`."),
        "{}",
        page.words()
    );
}
