//! A replay from memory is the store's own answer, as long as the store would
//! give it.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use idempotent_runtime::outcome::{ClaimOutcome, Operated, Previous};
use idempotent_runtime::store::Cached;
use idempotent_runtime::{MemoryStore, Store, Ttl, idempotent};
use tests::{Account, App, Fault, Scripted, Verb, World, millis, seconds};
use tokio::time::sleep;

use crate::{answer, claim, claimed, complete, done, fingerprint};

#[idempotent(scope = account.0)]
async fn pay(State(app): State<App>, account: Account, _: Bytes) -> Response {
    app.work.run().await
}

fn world() -> World {
    let routes = Router::new().route("/pay", post(pay));
    World::tuned(routes, |builder| builder.near_cache(1 << 20))
}

/// A store that counts its verbs, and the same behind a cache.
fn stores() -> (Scripted, Cached<Scripted>) {
    let store = Scripted::new(MemoryStore::new());
    (store.clone(), Cached::new(store, 1 << 20))
}

#[tokio::test]
async fn a_replay_costs_no_trip() {
    let world = world();
    let ask = || world.post("/pay").key("k").account("alice").body("5 EUR");

    let first = ask().send().await;
    for _ in 0..100 {
        let reply = ask().send().await;
        assert!(reply.is_replay());
        assert_eq!(reply.answer(), first.answer());
    }

    let verbs = [Verb::Claim, Verb::Complete, Verb::Inspect, Verb::Wait];
    assert_eq!(verbs.map(|verb| world.store.count(verb)), [1, 1, 0, 0]);
    assert_eq!(world.work.started(), 1);
}

#[tokio::test]
async fn another_request_gets_422_and_nothing_of_the_answer() {
    let world = world();
    let ask = |body| world.post("/pay").key("k").account("alice").body(body);

    assert_eq!(ask("5 EUR").send().await.answer(), (200, "effect 1"));
    let other = ask("6 EUR").send().await;

    assert_eq!(other, (422, "key-reused"));
    assert!(!other.text().contains("effect"));
    assert_eq!(world.store.count(Verb::Claim), 1, "it was told from memory");
}

#[tokio::test]
async fn another_scope_has_answers_of_its_own() {
    let world = world();
    let ask = |account| world.post("/pay").key("k").account(account).send();

    for _ in 0..3 {
        assert_eq!(ask("alice").await.answer(), (200, "effect 1"));
        assert_eq!(ask("bob").await.answer(), (200, "effect 2"));
    }
    assert_eq!(world.store.count(Verb::Claim), 2);
}

#[tokio::test]
async fn replays_go_on_while_the_store_is_down() {
    let world = world();
    let ask = |key| world.post("/pay").key(key).account("alice").send();
    let first = ask("k").await;

    world.store.break_down(Fault::Fail);

    assert_eq!(ask("k").await.answer(), first.answer());
    assert_eq!(ask("new").await, (503, "store-unavailable"));
    assert_eq!(world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn it_says_what_the_store_would_say() {
    let (store, cached) = stores();
    let mut first = claim(1);
    first.trace = Some([7; 25]);
    let claimed = claimed(&cached, &first).await;
    sleep(seconds(3)).await;
    let answer = answer("paid");
    let completed = cached.complete(&first.id, &first.token, claimed.fence, &answer, first.ttl);
    completed.await.unwrap();

    for pause in [seconds(0), millis(1), seconds(58)] {
        sleep(pause).await;
        let before = store.count(Verb::Claim);
        let mut other = claim(1);
        other.fingerprint = fingerprint(2);
        let (cached, stored) = (done(&cached, &other).await, done(&store, &claim(1)).await);
        assert_eq!(cached, stored);
        assert_eq!(cached.trace, Some([7; 25]));
        assert_eq!(store.count(Verb::Claim), before + 1, "only the second asks");
    }
}

#[tokio::test(start_paused = true)]
async fn what_another_process_finished_is_learnt_once() {
    let (store, cached) = stores();
    complete(&store, &claim(1), &answer("paid")).await;
    sleep(seconds(30)).await;

    let learnt = done(&cached, &claim(1)).await;
    sleep(seconds(5)).await;
    let again = done(&cached, &claim(1)).await;

    assert_eq!(again.answer, learnt.answer);
    assert_eq!(again.age, learnt.age + seconds(5));
    assert_eq!(again.expires_in + seconds(5), learnt.expires_in);
    assert_eq!(store.count(Verb::Claim), 2);
}

#[tokio::test(start_paused = true)]
async fn an_answer_ends_with_its_ttl() {
    let (_, cached) = stores();
    let mut first = claim(1);
    first.ttl = Ttl::new(seconds(10)).unwrap();
    complete(&cached, &first, &answer("paid")).await;

    sleep(millis(9_999)).await;
    done(&cached, &claim(1)).await;
    sleep(millis(1)).await;
    let later = claimed(&cached, &claim(1)).await;

    assert!(matches!(later.previous, Previous::Expired { .. }));
}

#[tokio::test(start_paused = true)]
async fn an_entry_is_at_most_a_minute_old() {
    let (store, cached) = stores();
    complete(&cached, &claim(1), &answer("paid")).await;

    sleep(millis(59_999)).await;
    done(&cached, &claim(1)).await;
    assert_eq!(store.count(Verb::Claim), 1);
    sleep(millis(1)).await;
    done(&cached, &claim(1)).await;
    assert_eq!(store.count(Verb::Claim), 2, "the store is asked again");
    sleep(seconds(59)).await;
    done(&cached, &claim(1)).await;
    assert_eq!(store.count(Verb::Claim), 2, "and good for another minute");
}

#[tokio::test(start_paused = true)]
async fn what_is_forgotten_here_is_forgotten_at_once() {
    let (_, cached) = stores();
    let fence = complete(&cached, &claim(1), &answer("paid")).await.fence;

    let forgotten = cached.forget(&claim(1).id, fence).await.unwrap();

    assert_eq!(forgotten, Operated::Applied);
    claimed(&cached, &claim(1)).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_forgotten_elsewhere_is_forgotten_within_a_minute() {
    let (store, cached) = stores();
    let fence = complete(&cached, &claim(1), &answer("paid")).await.fence;

    store.forget(&claim(1).id, fence).await.unwrap();

    sleep(seconds(60)).await;
    claimed(&cached, &claim(1)).await;
}

/// The store answered before it forgot, and the answer came after.
#[tokio::test(start_paused = true)]
async fn an_answer_that_was_on_its_way_when_it_was_forgotten_is_not_kept() {
    let (store, cached) = stores();
    let fence = complete(&store, &claim(1), &answer("paid")).await.fence;
    store.next(Verb::Claim, Fault::SlowAck(seconds(1)));
    let slow = tokio::spawn({
        let cached = cached.clone();
        async move { done(&cached, &claim(1)).await }
    });
    sleep(millis(500)).await;

    cached.forget(&claim(1).id, fence).await.unwrap();
    slow.await.unwrap();

    claimed(&cached, &claim(1)).await;
}

#[tokio::test]
async fn a_running_attempt_is_always_asked_of_the_store() {
    let (store, cached) = stores();
    claimed(&cached, &claim(1)).await;
    for _ in 0..3 {
        let outcome = cached.claim(&claim(1)).await.unwrap();
        assert!(matches!(outcome, ClaimOutcome::Running(_)));
    }
    assert_eq!(store.count(Verb::Claim), 4);
}
