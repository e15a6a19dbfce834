//! A rerun is outside of any attempt: what it does counts for no record, and
//! no record guards it.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use axum::{Extension, Router};
use idempotent_runtime::{Attempt, Error, Idempotency, idempotent};
use tests::{Account, App, Meter, Verb, World};

use super::settled;
use crate::found;

/// Of each run: whether its `Attempt` has a record, and whether there is a
/// current one.
type Seen = Arc<Mutex<Vec<(bool, bool)>>>;

/// Tells whatever attempt it finds of its effects, one of which is in a step.
#[idempotent(scope = account.0, name = "charge", rerun_safe_sample = 1.0)]
async fn charge(
    State(app): State<App>,
    Extension(seen): Extension<Seen>,
    account: Account,
    attempt: Attempt,
    _: Bytes,
) -> &'static str {
    let current = Attempt::current();
    let found = (attempt.is_protected(), current.is_some());
    seen.lock().expect("no panic").push(found);
    attempt.record_effect("charge", "ch_1");
    if let Some(current) = current {
        current.record_effect("mail", "m_1");
    }
    let step = async || {
        app.work.effect().await;
        Ok::<_, Error>(())
    };
    attempt.step("charge", step).await.expect("a step");
    "charged"
}

#[tokio::test(start_paused = true)]
async fn a_rerun_has_no_attempt_to_record_an_effect_or_a_step_with() {
    let meter = Meter::install();
    let seen = Seen::default();
    let routes = Router::new().route("/charge", post(charge));
    // Beside the memory store the table of effects is off by default.
    let world = World::tuned(routes.layer(Extension(Arc::clone(&seen))), |builder| {
        builder.detector_slots(Idempotency::DETECTOR_SLOTS)
    });
    for is_replay in [false, true] {
        let ask = world.post("/charge").account("alice").key("k");
        let reply = ask.send().await;
        assert_eq!(reply.answer(), (200, "charged"));
        assert_eq!(reply.is_replay(), is_replay);
        settled().await;
    }
    let seen = seen.lock().expect("no panic").clone();
    assert_eq!(seen, [(true, true), (false, false)]);
    assert_eq!(found(&world.idempotency), [], "no effect was told again");
    let repeated = meter.get("idempotency_repeated_effects_total", &["\"charge\""]);
    assert_eq!(repeated, 0.0);
    // What nobody is told of happens all the same.
    assert_eq!(world.work.finished(), 2, "steps run again");
    assert_eq!(world.store.count(Verb::Step), 1);
}
