//! An instance that stands still past its lease (SIGSTOP) while its attempt
//! runs. The other takes over and completes; the late one is refused, and its
//! client gets the winner's answer (invariants 4 and 10).

use std::time::Duration;

use idempotent_runtime::record::{RecordView, State};
use tokio::time::{Instant, sleep};

use crate::chance::Chance;
use crate::client::{self, PAUSE, Sent, effects, ledger, payment};
use crate::database::{Backend, Database};
use crate::instances::Pair;
use crate::{millis, over_each_store};

over_each_store!(scenario);

const LEASE: &str = "1s";
const CARD: &str = "tok_slow:300";

async fn scenario(backend: Backend) {
    let name = format!("paused over {backend}");
    let mut chance = Chance::of(&name);
    let database = Database::shared(backend).await;
    let pair = Pair::start(&database.store, LEASE);
    let [paused, other] = pair.addresses();
    let request = payment("k", CARD);

    let asked = request.clone();
    let late = tokio::spawn(async move { client::send(paused, &asked).await });
    let before = running(&database).await;
    sleep(chance.within(millis(150))).await;
    pair.instances[0].pause();
    let stopped = Instant::now();
    assert_eq!(effects(&ledger(other).await, "k"), 1, "it has paid");

    let (won, replayed) = client::settle(other, &request).await;
    let taken_over = stopped.elapsed();
    assert!(!replayed, "the other ran");
    assert!(taken_over < Duration::from_secs(4), "{taken_over:?}");
    let after = done(&database).await;
    assert!(after.fence > before.fence, "{before:?} {after:?}");
    assert_eq!((before.attempts, after.attempts), (1, 2));

    pair.instances[0].resume();
    match late.await.unwrap() {
        Sent::Final { answer, replayed } => {
            assert!(replayed, "the late one's own answer was taken");
            assert_eq!(answer, won);
        }
        sent => panic!("the late one's client got {sent:?}"),
    }
    let settled = done(&database).await;
    let same = |view: &RecordView| (view.fence, view.attempts, view.answer_bytes);
    assert_eq!(same(&settled), same(&after), "it changed the record");
    for instance in pair.addresses() {
        assert_eq!(
            client::settle(instance, &request).await,
            (won.clone(), true)
        );
    }
    // What a lease cannot prevent, and a downstream that knows fences can.
    let effects = effects(&ledger(paused).await, "k");
    assert_eq!(effects, 2);
    println!(
        "{name}: taken over and answered {taken_over:.2?} after the stop (lease {LEASE}), fence \
         {} -> {}, the late client got the winner's answer as a replay, {effects} effects; seed {}",
        before.fence.get(),
        after.fence.get(),
        chance.seed(),
    );
}

/// The record, once an attempt has claimed it and had its effect.
async fn running(database: &Database) -> RecordView {
    let asked = Instant::now();
    loop {
        if let Some(view) = database.inspect("k").await
            && view.age > millis(60)
        {
            assert!(matches!(view.state, State::Running { .. }), "{view:?}");
            return view;
        }
        assert!(asked.elapsed() < Duration::from_secs(5), "never claimed");
        sleep(PAUSE).await;
    }
}

async fn done(database: &Database) -> RecordView {
    let view = database.inspect("k").await.expect("a record");
    assert_eq!(view.state, State::Done, "{view:?}");
    view
}
