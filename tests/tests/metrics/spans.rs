//! A span for each call, told once; warnings that a failing store cannot
//! multiply; and the way from a replay to its original's trace.

use std::sync::Mutex;

use tests::{Fault, Logged, World};

use crate::routes;

#[tokio::test(start_paused = true)]
async fn a_call_is_a_span_that_tells_its_outcome() {
    let logged = Logged::install();
    let world = World::new(routes());
    world.post("/pay").account("alice").key("k").send().await;
    world.post("/pay").account("alice").key("k").send().await;
    world.post("/order").account("alice").key("\"").send().await;
    let closed = logged.lines(&["idempotency.call", "close"]);
    let [executed, replayed] = closed.as_slice() else {
        panic!("{closed:#?}");
    };
    for field in [
        "idempotency.operation=\"pay\"",
        "idempotency.outcome=\"executed\"",
        "idempotency.cause=\"first\"",
        "idempotency.fence=",
        "idempotency.key_hash=",
    ] {
        assert!(executed.contains(field), "{field} is not in {executed}");
    }
    for field in ["idempotency.outcome=\"replayed\"", "idempotency.age_ms=0"] {
        assert!(replayed.contains(field), "{field} is not in {replayed}");
    }
    let inside = logged.lines(&["idempotency.call{", "executed"]);
    assert!(
        !inside.is_empty(),
        "events of a call are in its span:\n{}",
        logged.text()
    );
}

#[tokio::test(start_paused = true)]
async fn a_failing_store_is_told_once_a_second() {
    let logged = Logged::install();
    let world = World::new(routes());
    world.store.break_down(Fault::Fail);
    let ask = || world.post("/pay").account("alice").key("k");
    for _ in 0..100 {
        ask().send().await;
    }
    assert_eq!(logged.lines(&["WARN", "store error"]).len(), 1);
    tokio::time::advance(tests::seconds(1)).await;
    ask().send().await;
    let told = logged.lines(&["WARN", "store error"]);
    assert_eq!(told.len(), 2);
    assert!(told[1].contains("left_out=199"), "{}", told[1]);
}

static LINKED: Mutex<Vec<[u8; 25]>> = Mutex::new(Vec::new());

#[tokio::test(start_paused = true)]
async fn a_replay_is_linked_to_the_trace_of_its_original() {
    let logged = Logged::install();
    let world = World::tuned(routes(), |builder| {
        builder.on_link(|span, trace| {
            assert_eq!(
                span.metadata().map(tracing::Metadata::name),
                Some("idempotency.call")
            );
            LINKED.lock().unwrap().push(trace);
        })
    });
    let ask = |parent: &str| {
        let ask = world.post("/pay").account("alice").key("k");
        ask.header("traceparent", parent)
    };
    ask("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        .send()
        .await;
    assert!(LINKED.lock().unwrap().is_empty());
    ask("00-11111111111111111111111111111111-2222222222222222-01")
        .send()
        .await;
    let linked = LINKED.lock().unwrap().clone();
    assert_eq!(linked.len(), 1);
    assert_eq!(linked[0][..3], [0x0a, 0xf7, 0x65]);
    let told = logged.lines(&["idempotency.original_trace_id=0af7651916cd43dd8448eb211c80319c"]);
    assert_eq!(told.len(), 1, "{}", logged.text());
}

#[tokio::test(start_paused = true)]
async fn a_hook_says_which_trace_a_record_keeps() {
    let world = World::tuned(routes(), |builder| builder.trace_context(|| Some([7; 25])));
    let ask = world.post("/pay").account("alice").key("k");
    ask.header(
        "traceparent",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )
    .send()
    .await;
    assert_eq!(
        world.store.last_record().await.unwrap().trace,
        Some([7; 25])
    );
}
