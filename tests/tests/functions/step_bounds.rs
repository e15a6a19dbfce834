//! The bounds of steps: of a record, of a name, of a store.

use idempotent_runtime::{Attempt, Idempotency, MemoryStore, idempotent};
use tests::{Refusal, RequiredOnly, Verb, Work, World};

/// Parts of these names, each of which gives so many letters; then it fails.
#[idempotent(store = store, key = "k", name = "step_bounds.parts")]
async fn parts(
    store: &Idempotency,
    work: &Work,
    names: &[&str],
    letters: usize,
) -> Result<usize, Refusal> {
    let attempt = Attempt::current().expect("an attempt");
    let mut total = 0;
    for name in names {
        let part = || async {
            work.effect().await;
            Ok::<_, Refusal>("x".repeat(letters))
        };
        total += attempt.step(name, part).await?.len();
    }
    Err(Refusal::declined(total.to_string()))
}

fn after(letters: usize) -> Result<usize, Refusal> {
    Err(Refusal::declined(letters.to_string()))
}

fn refused(code: &str) -> Result<usize, Refusal> {
    Err(Refusal::runtime(code))
}

#[tokio::test]
async fn one_step_too_many_is_refused_before_its_effect() {
    let world = World::of_functions_tuned(|builder| builder.max_steps(2));
    let (store, work) = (&world.idempotency, &world.work);
    for _ in 0..2 {
        let three = parts(store, work, &["a", "b", "c"], 1).await;
        assert_eq!(three, refused("step-too-many"));
        assert_eq!(work.started(), 2);
    }
    // A recorded one takes no new place.
    assert_eq!(parts(store, work, &["b", "a"], 1).await, after(2));
}

#[tokio::test]
async fn a_result_that_is_too_large_is_remembered_as_done_and_never_done_again() {
    let world = World::of_functions_tuned(|builder| builder.max_step_bytes(100));
    let (store, work) = (&world.idempotency, &world.work);
    assert_eq!(
        parts(store, work, &["small", "large"], 60).await,
        after(120)
    );
    for _ in 0..2 {
        let again = parts(store, work, &["small", "large"], 60).await;
        assert_eq!(again, refused("step-not-replayable"));
    }
    assert_eq!(work.started(), 2);
    assert_eq!(world.store.count(Verb::Step), 2);
}

#[tokio::test]
async fn a_name_has_1_to_64_bytes() {
    let world = World::of_functions();
    let (store, work) = (&world.idempotency, &world.work);
    let (longest, longer) = ("n".repeat(64), "n".repeat(65));
    for name in ["", &longer] {
        assert_eq!(parts(store, work, &[name], 1).await, refused("step-name"));
    }
    assert_eq!(parts(store, work, &[&longest, "ü"], 1).await, after(2));
    assert_eq!(work.started(), 2);
}

#[tokio::test]
async fn a_result_of_another_type_is_not_done_again() {
    /// As a deployment between two attempts would change it.
    #[idempotent(store = world.idempotency, key = "k")]
    async fn retyped(world: &World, is_later: bool) -> Result<u64, Refusal> {
        let attempt = Attempt::current().expect("an attempt");
        if is_later {
            let part = || async { Ok::<u64, Refusal>(world.work.effect().await) };
            return attempt.step("a", part).await;
        }
        let part = || async { Ok::<_, Refusal>(format!("{}", world.work.effect().await)) };
        let text: String = attempt.step("a", part).await?;
        Err(Refusal::declined(text))
    }
    let world = World::of_functions();
    assert_eq!(retyped(&world, false).await, Err(Refusal::declined("1")));
    let later = retyped(&world, true).await;
    assert_eq!(later, Err(Refusal::runtime("step-not-replayable")));
    assert_eq!(world.work.started(), 1);
}

#[tokio::test]
async fn over_a_store_that_keeps_none_nothing_is_run() {
    let (store, work) = (
        Idempotency::new(RequiredOnly(MemoryStore::new())),
        Work::default(),
    );
    let unsupported = parts(&store, &work, &["a"], 1).await;
    assert_eq!(unsupported, refused("step-unsupported"));
    assert_eq!(work.started(), 0);
}
