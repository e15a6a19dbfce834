//! The store in memory, on a clock that can be paused: with leases that run out,
//! records that expire, and a store whose errors tell a password.

use axum::http::StatusCode;
use idempotent_runtime::Idempotency;
use idempotent_runtime::admin::Operator;
use tests::{Fault, Logged, Meter, Verb, World, millis, seconds};
use tokio::time::{sleep, timeout};

use crate::page;
use crate::planted::{ACCOUNT, ANSWER, BODY, KEY, PANIC, QUERY, leaks};
use crate::seen::{Seen, watch};
use crate::service::routes;

/// What a driver's error may tell.
const PASSWORD: &str = "postgres://service:canary-password@db/records";

#[tokio::test(start_paused = true)]
async fn shows_no_canary() {
    watch();
    let (meter, logged) = (Meter::install(), Logged::install());
    let world = World::tuned(routes(), |builder| {
        let builder = builder.detector_slots(Idempotency::DETECTOR_SLOTS);
        builder.ttl(seconds(1000))
    });
    let ask = |path: &str, n: usize, body: &'static str| {
        let ask = world.post(&format!("{path}?q={QUERY}")).account(ACCOUNT);
        ask.key(&format!("{KEY}-{n}")).body(body)
    };
    world.work.answers(|_| ANSWER);
    for _ in 0..2 {
        ask("/pay", 0, BODY).send().await; // executed, replayed
    }
    ask("/pay", 0, "canary-body-2").send().await; // reused
    world.post("/pay").account(ACCOUNT).body(BODY).send().await; // bypassed
    world
        .post("/order")
        .account(ACCOUNT)
        .body(BODY)
        .send()
        .await; // no key
    let malformed = format!("\"{KEY}");
    world
        .post("/pay")
        .account(ACCOUNT)
        .key(&malformed)
        .send()
        .await;
    world.work.answers(|_| -> StatusCode { panic!("{PANIC}") });
    ask("/pay", 1, BODY).send().await; // panicked
    world.work.answers(|_| (StatusCode::BAD_GATEWAY, ANSWER));
    ask("/pay", 1, BODY).send().await; // taken over, and released
    world.work.answers(|_| ANSWER);
    world.work.takes(seconds(5));
    let first = tokio::spawn(ask("/order", 2, BODY).send());
    sleep(millis(10)).await;
    ask("/order", 2, BODY).send().await; // waited
    first.await.unwrap();
    assert!(
        timeout(seconds(1), ask("/pay", 3, BODY).send())
            .await
            .is_err()
    ); // left
    world.work.takes(seconds(100));
    world.store.always(Verb::Extend, Fault::Leak(PASSWORD));
    let paused = tokio::spawn(ask("/pay", 4, BODY).send());
    let ada = || Operator::named("ada").may_act();
    let mut pages = page::told(&world.idempotency, ada()).await; // while it runs
    sleep(seconds(32)).await;
    world.store.heal();
    world.work.takes(seconds(0));
    ask("/pay", 4, BODY).send().await; // taken over
    paused.await.unwrap(); // stale
    world.store.break_down(Fault::Leak(PASSWORD));
    ask("/pay", 5, BODY).send().await; // unavailable
    pages += &page::told(&world.idempotency, ada()).await; // and says so
    assert!(pages.contains("The store does not answer"));
    world.store.heal();
    world.store.always(Verb::Complete, Fault::Leak(PASSWORD));
    ask("/pay", 6, BODY).send().await; // completed later
    world.store.heal();
    sleep(seconds(1100)).await;
    ask("/pay", 0, BODY).send().await; // expired
    ask("/pay", 7, BODY).account("canary-other").send().await; // in another scope

    pages += &page::told(&world.idempotency, ada()).await;
    pages += &page::found(&world.idempotency, ACCOUNT, &format!("{KEY}-0")).await;
    let told = logged.text();
    for event in [
        "executed",
        "replayed",
        "key reused",
        "released",
        "stale completion",
        "lease lost",
    ] {
        assert!(told.contains(event), "{event} is not in\n{told}");
    }
    let findings = world.idempotency.findings();
    assert!(findings.len() >= 4, "{findings:#?}");
    Seen::of(&world.idempotency)
        .and("the log of this test", told)
        .and("the metrics of this test", meter.text())
        .and("the page for operators", pages)
        .shows_no_canary();

    // Who may see answers sees them, and nothing else of a client's.
    let permitted = page::told(&world.idempotency, ada().may_see_answers()).await;
    assert!(permitted.contains(ANSWER), "{permitted}");
    assert!(leaks(&permitted.replace(ANSWER, "")).is_empty());
}
