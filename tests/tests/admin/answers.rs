//! A stored answer's body is for who may see it, and is text for them.

use axum::http::StatusCode;

use crate::world::{READER, SEER, Service};

#[tokio::test]
async fn a_body_needs_the_permission_and_is_never_markup() {
    let service = Service::new();
    let done = service.done("paid").await;
    let path = format!("/records/{}", done.id);
    let page = service.get(READER, &path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.words().contains("Not shown: it needs a permission"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("alert(1)"));
    let api = service.get(READER, &format!("/api/v1{path}")).await;
    assert_eq!(api.json()["answer"]["body"]["shown"], "closed");
    assert!(!api.text.contains("alert(1)"));

    let page = service.get(SEER, &path).await;
    assert!(
        page.text
            .contains("&#60;script&#62;alert(1)&#60;/script&#62;"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("<script>alert"));
    let api = service.get(SEER, &format!("/api/v1{path}")).await;
    assert_eq!(
        api.json()["answer"]["body"]["text"],
        "\"<script>alert(1)</script>\""
    );
}

#[tokio::test]
async fn a_record_tells_its_life() {
    let service = Service::new();
    let done = service.done("paid").await;
    let words = service
        .get(READER, &format!("/records/{}", done.id))
        .await
        .words();
    for part in [
        "Done Retries get the stored answer until the record expires.",
        "Claimed",
        "Expires in 2 d",
        "attempt 1",
        &done.id.to_string(),
        &done.fence.to_string(),
        "a function&#39;s value",
    ] {
        assert!(words.contains(part), "no `{part}` in {words}");
    }
    let running = service.hanging("runs").await;
    let words = service
        .get(READER, &format!("/records/{}", running.id))
        .await
        .words();
    for part in [
        "Running An attempt holds the lease.",
        "Renewed",
        "by this process, lease 30 s",
        "Lease ends in",
    ] {
        assert!(words.contains(part), "no `{part}` in {words}");
    }
}
