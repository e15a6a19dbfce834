//! Every refusal is an RFC 9457 problem document with a stable code.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use idempotent_runtime::{IdempotencyBuilder, MemoryStore, idempotent};
use tests::{Account, App, Fault, Reply, Verb, World, millis, seconds};
use tokio::time::{sleep, timeout};

#[idempotent(scope = account.0, max_key_age = "24h")]
async fn pay(State(app): State<App>, account: Account, _: Bytes) -> Response {
    app.work.run().await
}

#[idempotent(scope = public, on_interrupt = reject)]
async fn once(State(app): State<App>, _: Bytes) -> Response {
    app.work.run().await
}

fn world(base: Option<&str>) -> World {
    let routes = Router::new()
        .route("/pay", post(pay))
        .route("/once", post(once));
    let memory = MemoryStore::builder()
        .max_records(4)
        .quota_per_scope(3)
        .build();
    World::over(memory, routes, |builder| {
        let builder = builder.max_in_flight(2).max_answer_bytes(100);
        base.into_iter()
            .fold(builder, IdempotencyBuilder::problem_base)
    })
}

/// Each problem once: its status, its code, and whether a retry may help.
async fn provoke(base: Option<&str>) -> Vec<(Reply, u16, &'static str, bool)> {
    let world = world(base);
    let ask = |key| world.post("/pay").account("alice").key(key);
    let mut replies = vec![
        (
            world.post("/pay").account("alice").send().await,
            400,
            "key-missing",
            false,
        ),
        (ask("a b").send().await, 400, "key-malformed", false),
        (
            ask("0192d2f4-5678-7abc-8def-0123456789ab").send().await,
            400,
            "key-too-old",
            false,
        ),
        (
            world.post("/pay").account("").key("k").send().await,
            500,
            "scope-empty",
            false,
        ),
    ];

    ask("used").send().await;
    replies.push((ask("used").body("x").send().await, 422, "key-reused", false));

    world.work.answers(|_| "x".repeat(101));
    ask("large").send().await;
    replies.push((ask("large").send().await, 409, "not-replayable", false));

    world.work.answers(|_| -> Response { panic!("a bug") });
    let panicked = world.post("/once").key("k").send().await;
    replies.push((panicked, 500, "panicked", false));
    let unknown = world.post("/once").key("k").send().await;
    replies.push((unknown, 409, "outcome-unknown", false));

    world.store.always(Verb::Claim, Fault::Fail);
    replies.push((ask("k").send().await, 503, "store-unavailable", true));
    world.store.heal();

    world.work.takes(seconds(60));
    assert!(timeout(millis(1), ask("slow").send()).await.is_err());
    replies.push((ask("slow").send().await, 409, "in-flight", true));
    replies.push((ask("fourth").send().await, 429, "quota-exceeded", true));
    let full = world.post("/pay").account("bob").key("k").send().await;
    replies.push((full, 503, "store-full", true));
    assert_eq!(world.idempotency.shutdown(millis(0)).await, 1);
    replies.push((ask("k").send().await, 503, "overloaded", true));
    sleep(seconds(61)).await;
    replies
}

#[tokio::test(start_paused = true)]
async fn every_problem_says_what_it_is() {
    for (reply, status, code, retryable) in provoke(None).await {
        assert_eq!(reply, (status, code));
        let problem = reply.problem();
        assert_eq!(problem["type"], format!("urn:idempotent:problem:{code}"));
        assert_eq!(problem["status"], status);
        assert_eq!(problem["code"], code);
        assert_eq!(problem["retryable"], retryable, "{code}");
        for field in ["title", "detail"] {
            let text = problem[field].as_str().expect("a text");
            assert!(text.len() > 5 && !text.ends_with('.'), "{code}: {text}");
        }
        assert_eq!(problem.as_object().unwrap().len(), 6, "{problem}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_problem_is_not_cached_not_a_replay_and_links_nowhere_by_default() {
    for (reply, _, code, retryable) in provoke(None).await {
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{code}");
        assert_eq!(reply.header("link"), None, "{code}");
        assert_eq!(reply.header("retry-after").is_some(), retryable, "{code}");
        assert!(!reply.is_replay(), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn with_a_base_a_problem_links_to_its_description() {
    let base = "https://api.example.com/problems/";
    for (reply, _, code, _) in provoke(Some(base)).await {
        let described = format!("{base}{code}");
        assert_eq!(reply.problem()["type"], described);
        let link = format!("<{described}>; rel=\"describedby\"");
        assert_eq!(reply.header("link"), Some(&*link));
    }
}
