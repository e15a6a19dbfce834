//! Findings are listed, explained, and dismissed in this process.

use axum::http::StatusCode;
use idempotent_runtime::{Error, Idempotency, idempotent};
use serde_json::json;
use tests::millis;

use crate::world::{ACTOR, PREFIX, READER, Service};

#[idempotent(store = it, key = key, name = "shop::brief", ttl = "1s", lease = "1s")]
async fn brief(it: &Idempotency, key: &str) -> Result<u32, Error> {
    Ok(1)
}

/// A retry after the record's end.
async fn late(service: &Service) {
    brief(&service.idempotency, "k").await.expect("it runs");
    tokio::time::sleep(millis(1_050)).await;
    brief(&service.idempotency, "k").await.expect("it runs");
}

#[tokio::test(start_paused = true)]
async fn a_finding_is_explained_and_leads_to_its_record() {
    let service = Service::new();
    late(&service).await;
    let list = service.get(READER, "/findings").await;
    assert!(list.words().contains("Late retry"), "{}", list.words());
    let found = service
        .get(READER, "/api/v1/findings?kind=late-retry")
        .await
        .json();
    let finding = &found["findings"][0];
    let (id, record) = (
        finding["id"].as_str(),
        finding["example"]["record"].as_str(),
    );
    let (id, record) = (id.expect("an id"), record.expect("a record"));
    let page = service.get(READER, &format!("/findings/{id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    for part in [
        "What happened",
        "Clients retry for longer than answers are kept.",
        "Lengthen",
        "Seen 1 time",
    ] {
        assert!(
            page.words().contains(part),
            "no `{part}` in {}",
            page.words()
        );
    }
    assert!(page.text.contains(&format!("{PREFIX}/records/{record}")));
    assert!(
        !page.text.contains("<form"),
        "a reader has nothing to dismiss by"
    );
    let none = service.get(READER, "/findings?kind=replay-drift").await;
    assert!(none.words().contains("No findings of this kind."));
    assert_eq!(
        service
            .get(READER, "/api/v1/findings?kind=odd")
            .await
            .json()["code"],
        "unreadable"
    );
}

#[tokio::test(start_paused = true)]
async fn a_dismissed_finding_is_gone_until_it_happens_again() {
    let service = Service::new();
    late(&service).await;
    let all = service.get(READER, "/api/v1/findings").await.json();
    let id = all["findings"][0]["id"]
        .as_str()
        .expect("a finding")
        .to_owned();
    let path = format!("/findings/{id}");
    let token = service.get(ACTOR, &path).await.hidden("token");
    let dismiss = format!("{path}/dismiss");
    let refused = service.post(ACTOR, &dismiss, &[("token", "0")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = service.post(ACTOR, &dismiss, &[("token", &token)]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let landed = done
        .header("location")
        .strip_prefix(PREFIX)
        .expect("our own");
    let landed = service.get(ACTOR, landed).await;
    assert!(
        landed.words().contains("The finding is dismissed"),
        "{}",
        landed.words()
    );
    assert!(service.idempotency.findings().is_empty());
    assert_eq!(
        service.get(READER, &path).await.status,
        StatusCode::NOT_FOUND
    );
    late(&service).await;
    assert!(!service.idempotency.findings().is_empty());
    let api = format!("/api/v1{dismiss}");
    assert_eq!(
        service.post_json(READER, &api, &json!({})).await.json()["code"],
        "not-permitted"
    );
    assert_eq!(
        service.post_json(ACTOR, &api, &json!({})).await.status,
        StatusCode::OK
    );
}
