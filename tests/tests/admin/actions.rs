//! Ending a lease and forgetting a record: with a confirmation, a token and
//! an audit event, and only while the record is what it was.

use axum::body::Body;
use axum::http::{StatusCode, header};
use idempotent_runtime::record::State;
use serde_json::json;
use tests::{Logged, seconds};

use crate::world::{ACTOR, READER, Service, formed, hang, request};

#[tokio::test(start_paused = true)]
async fn an_ended_lease_lets_the_next_retry_take_over() {
    let (service, log) = (Service::new(), Logged::install());
    let before = service.hanging("stuck").await;
    let path = format!("/records/{}/end-lease", before.id);
    let confirm = service.get(ACTOR, &path).await;
    assert_eq!(confirm.status, StatusCode::OK);
    assert!(confirm.words().contains("The body may run twice."));
    let (fence, token) = (confirm.hidden("fence"), confirm.hidden("token"));
    assert_eq!(fence, before.fence.to_string());

    let done = service
        .post(ACTOR, &path, &[("fence", &fence), ("token", &token)])
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let to = format!("/ops/idem/records/{}?notice=lease-ended", before.id);
    assert_eq!(done.header("location"), to);
    let after = service.seen(&before.id).await.expect("a record");
    assert_eq!(after.state, State::Stuck);
    let audit = log.lines(&["idempotent::audit", "INFO"]);
    let [line] = audit.as_slice() else {
        panic!("one audit event, not {audit:?}")
    };
    for part in [
        "operator=\"actor\"",
        "action=\"end-lease\"",
        &format!("record=\"{}\"", before.id),
        &format!("fence={fence}"),
        "before=\"running\"",
        "result=\"done\"",
    ] {
        assert!(line.contains(part), "no {part} in {line}");
    }

    // A retry takes over, and the same form is refused: the fence has moved on.
    let idempotency = service.idempotency.clone();
    tokio::spawn(async move { hang(&idempotency, "stuck").await });
    tokio::time::sleep(seconds(1)).await;
    let again = service
        .post(ACTOR, &path, &[("fence", &fence), ("token", &token)])
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.words().contains("The record has moved on"));
    let now = service.seen(&before.id).await.expect("a record");
    assert!(now.fence > before.fence && matches!(now.state, State::Running { .. }));
    assert_eq!(
        log.lines(&["idempotent::audit", "result=\"moved-on\""])
            .len(),
        1
    );
}

#[tokio::test]
async fn a_forgotten_record_is_gone() {
    let service = Service::new();
    let done = service.done("paid").await;
    let path = format!("/records/{}/forget", done.id);
    let confirm = service.get(ACTOR, &path).await;
    assert!(confirm.words().contains("runs the body again"));
    let form = [
        ("fence", confirm.hidden("fence")),
        ("token", confirm.hidden("token")),
    ];
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let posted = service.post(ACTOR, &path, &form).await;
    assert_eq!(posted.status, StatusCode::SEE_OTHER);
    assert!(service.seen(&done.id).await.is_none());
    let landed = posted
        .header("location")
        .strip_prefix("/ops/idem")
        .expect("our own");
    let landed = service.get(ACTOR, landed).await;
    assert!(
        landed.words().contains("The record is forgotten"),
        "{}",
        landed.text
    );
    let again = service.post(ACTOR, &path, &form).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);

    // It runs again, and nobody is told that the store lost it.
    service.done("paid").await;
    let found = service.idempotency.findings();
    assert!(found.is_empty(), "{found:?}");
}

#[tokio::test]
async fn a_running_record_is_not_forgotten_and_a_done_one_has_no_lease() {
    let service = Service::new();
    let (running, done) = (service.hanging("runs").await, service.done("paid").await);
    for (view, action) in [(&running, "forget"), (&done, "end-lease")] {
        let path = format!("/records/{}/{action}", view.id);
        assert_eq!(service.get(ACTOR, &path).await.status, StatusCode::CONFLICT);
        let asked = json!({ "fence": view.fence.get() });
        let api = service
            .post_json(ACTOR, &format!("/api/v1{path}"), &asked)
            .await;
        assert_eq!(
            (api.status, api.json()["code"].as_str()),
            (StatusCode::CONFLICT, Some("moved-on"))
        );
        let seen = service.seen(&view.id).await;
        assert_eq!(
            seen.expect("a record").state == State::Done,
            view.state == State::Done
        );
    }
}

#[tokio::test]
async fn a_form_from_elsewhere_or_without_its_token_does_nothing() {
    let service = Service::new();
    let done = service.done("paid").await;
    let path = format!("/records/{}/forget", done.id);
    let page = service.get(ACTOR, &path).await;
    let (fence, token) = (page.hidden("fence"), page.hidden("token"));
    let other = service.get("other", &path).await.hidden("token");
    assert_ne!(token, other, "a token is one operator's");
    let good: &[(&str, &str)] = &[("fence", &fence), ("token", &token)];
    let ask = || request("POST", ACTOR, &path);
    let own = || ask().header("sec-fetch-site", "same-origin");
    for (what, request, code) in [
        ("no browser's word", formed(ask(), good), 403),
        (
            "another site",
            formed(ask().header("sec-fetch-site", "cross-site"), good),
            403,
        ),
        (
            "a sibling",
            formed(ask().header("sec-fetch-site", "same-site"), good),
            403,
        ),
        (
            "another origin",
            formed(ask().header(header::ORIGIN, "https://evil.example"), good),
            403,
        ),
        ("no token", formed(own(), &[("fence", &fence)]), 403),
        (
            "another's token",
            formed(own(), &[("fence", &fence), ("token", &other)]),
            403,
        ),
        (
            "another fence",
            formed(own(), &[("fence", "1"), ("token", &token)]),
            403,
        ),
        (
            "no form",
            own().body(Body::from("{}")).expect("a request"),
            400,
        ),
        (
            "a reader",
            formed(
                request("POST", READER, &path).header("sec-fetch-site", "same-origin"),
                good,
            ),
            403,
        ),
    ] {
        let got = service.send(request).await;
        assert_eq!(got.status.as_u16(), code, "{what}: {}", got.words());
        let seen = service.seen(&done.id).await;
        assert!(seen.is_some(), "{what}");
    }
    // An older browser says only its origin.
    let old = ask().header(header::ORIGIN, "https://shop.example");
    assert_eq!(
        service.send(formed(old, good)).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn another_process_of_the_fleet_takes_the_form() {
    let (first, second) = (Service::new(), Service::new());
    let done = first.done("paid").await;
    let path = format!("/records/{}/forget", done.id);
    let page = first.get(ACTOR, &path).await;
    let (fence, token) = (page.hidden("fence"), page.hidden("token"));
    let got = second
        .post(ACTOR, &path, &[("fence", &fence), ("token", &token)])
        .await;
    // Its store is another here: the token passed, the record is not there.
    assert_eq!(got.status, StatusCode::NOT_FOUND, "{}", got.words());
}

#[tokio::test]
async fn programs_act_with_a_header_that_no_form_can_send() {
    let service = Service::new();
    let (running, done) = (service.hanging("runs").await, service.done("paid").await);
    let path = format!("/api/v1/records/{}/forget", done.id);
    let body = || Body::from(json!({ "fence": done.fence.get() }).to_string());
    let ask = || request("POST", ACTOR, &path);
    let typed = || ask().header(header::CONTENT_TYPE, "application/json");
    for (what, request, code) in [
        ("no header", typed().body(body()), "header-missing"),
        (
            "no JSON",
            ask().header("idempotency-admin", "1").body(body()),
            "unreadable",
        ),
        (
            "another site",
            typed()
                .header("idempotency-admin", "1")
                .header("sec-fetch-site", "cross-site")
                .body(body()),
            "foreign-origin",
        ),
    ] {
        let got = service.send(request.expect("a request")).await;
        assert_eq!(got.json()["code"], code, "{what}");
        assert_eq!(got.header("content-type"), "application/problem+json");
    }
    let asked = json!({ "fence": done.fence.get() });
    let reader = service.post_json(READER, &path, &asked).await;
    assert_eq!(reader.json()["code"], "not-permitted");
    assert!(service.seen(&done.id).await.is_some());
    let got = service.post_json(ACTOR, &path, &asked).await;
    assert_eq!(
        (got.status, got.json()["action"].as_str()),
        (StatusCode::OK, Some("forget"))
    );
    assert!(service.seen(&done.id).await.is_none());

    let path = format!("/api/v1/records/{}/end-lease", running.id);
    let got = service
        .post_json(ACTOR, &path, &json!({ "fence": running.fence.get() }))
        .await;
    assert_eq!(got.status, StatusCode::OK);
    let seen = service.seen(&running.id).await;
    assert_eq!(seen.expect("a record").state, State::Stuck);
}
