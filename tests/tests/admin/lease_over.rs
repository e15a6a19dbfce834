//! A stuck record has no lease: the page offers no end of it, and a request for
//! one is refused in the same words, so that the next retry takes over in peace.

use axum::http::StatusCode;
use idempotent_runtime::record::State;
use serde_json::json;

use crate::world::{ACTOR, READER, Service};

/// As the form for it does, so that nobody first learns it there.
#[tokio::test]
async fn a_running_records_page_says_that_a_heartbeat_can_undo_the_end_of_its_lease() {
    let service = Service::new();
    let running = service.hanging("runs").await;
    let path = format!("/records/{}", running.id);
    let undone = "heartbeat of a living attempt can undo it";
    let words = service.get(ACTOR, &path).await.words();
    assert!(
        words.contains("End the lease") && words.contains(undone),
        "{words}"
    );
    // Who may not end it, and a record that has no lease, need no warning.
    let words = service.get(READER, &path).await.words();
    assert!(!words.contains(undone), "{words}");
    let done = service.done("paid").await;
    let words = service
        .get(ACTOR, &format!("/records/{}", done.id))
        .await
        .words();
    assert!(
        words.contains("Forget the record") && !words.contains(undone),
        "{words}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_lease_of_a_stuck_record_is_over_for_page_and_route() {
    let service = Service::new();
    let running = service.hanging("stuck").await;
    let path = format!("/records/{}", running.id);
    let end = format!("{path}/end-lease");
    let form = service.get(ACTOR, &end).await;
    let asked = json!({ "fence": running.fence.get() });
    let ended = service
        .post_json(ACTOR, &format!("/api/v1{end}"), &asked)
        .await;
    assert_eq!(ended.status, StatusCode::OK);
    let stuck = service.idempotency.inspect(&running.id).await;
    let stuck = stuck.expect("a store").expect("a record");
    assert_eq!(stuck.state, State::Stuck);

    let page = service.get(ACTOR, &path).await;
    assert!(!page.text.contains("/end-lease"), "{}", page.text);
    let words = page.words();
    assert!(
        words.contains("its lease is over already, and the next retry takes over"),
        "{words}"
    );

    // The address of the form, and the form that was open before it was stuck.
    let fields = [
        ("fence", form.hidden("fence")),
        ("token", form.hidden("token")),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    for refused in [
        service.get(ACTOR, &end).await,
        service.post(ACTOR, &end, &fields).await,
    ] {
        assert_eq!(refused.status, StatusCode::CONFLICT);
        let words = refused.words();
        assert!(words.contains("The lease is over already"), "{words}");
        assert!(words.contains("the next retry of the same request takes over"));
    }
    let again = service
        .post_json(ACTOR, &format!("/api/v1{end}"), &asked)
        .await;
    assert_eq!(
        (again.status, again.json()["code"].as_str()),
        (StatusCode::CONFLICT, Some("lease-over"))
    );
}
