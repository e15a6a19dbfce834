//! Plain async functions: what their bodies do.

use idempotent_runtime::{Attempt, Idempotency, idempotent};

use super::world::{App, Effects, Refused};

#[tokio::test]
async fn early_returns_and_question_marks() {
    #[idempotent(store = store, key = text)]
    async fn parse(store: &Idempotency, effects: &Effects, text: &str) -> Result<u64, Refused> {
        effects.add();
        if text.is_empty() {
            return Err(Refused("empty".into()));
        }
        for digit in text.chars() {
            if digit == '9' {
                return Ok(9);
            }
        }
        let number: u64 = text.parse().map_err(|_| Refused("no number".into()))?;
        Ok(number)
    }
    let (store, effects) = (Idempotency::in_memory(), Effects::default());
    assert_eq!(
        parse(&store, &effects, "x").await,
        Err(Refused("no number".into()))
    );
    assert_eq!(
        parse(&store, &effects, "x").await,
        Err(Refused("no number".into()))
    );
    assert_eq!(effects.count(), 2, "an error is not final");
    assert_eq!(parse(&store, &effects, "19").await, Ok(9));
    assert_eq!(parse(&store, &effects, "19").await, Ok(9));
    assert_eq!(effects.count(), 3);
}

#[tokio::test]
async fn unit_answers_and_the_attempt() {
    #[idempotent(store = app.idempotency, key = "nightly", scope = day, ttl = "7d", lease = "10s")]
    async fn nightly(app: &App, day: u32) -> Result<(), Refused> {
        assert!(Attempt::current().is_some());
        app.effects.add();
        Ok(())
    }
    let app = App::new();
    assert_eq!(nightly(&app, 1).await, Ok(()));
    assert_eq!(nightly(&app, 1).await, Ok(()));
    assert_eq!(nightly(&app, 2).await, Ok(()));
    assert_eq!(app.effects.count(), 2);
}

#[tokio::test]
async fn instrument_above_and_below() {
    #[tracing::instrument(skip_all)]
    #[idempotent(store = app.idempotency, key = id)]
    async fn above(app: &App, id: &str) -> Result<String, Refused> {
        Ok(format!("{id} {}", app.effects.add()))
    }
    #[idempotent(store = app.idempotency, key = id)]
    #[tracing::instrument(skip(app), err)]
    async fn below(app: &App, id: &str) -> Result<String, Refused> {
        Ok(format!("{id} {}", app.effects.add()))
    }
    let app = App::new();
    assert_eq!(above(&app, "a").await, above(&app, "a").await);
    assert_eq!(below(&app, "a").await, below(&app, "a").await);
    assert_eq!(app.effects.count(), 2);
}

#[tokio::test]
async fn a_future_that_is_sent_to_another_task() {
    #[idempotent(store = app.idempotency, key = id)]
    async fn charge_elsewhere(app: App, id: String) -> Result<u64, Refused> {
        tokio::task::yield_now().await;
        Ok(app.effects.add())
    }
    let app = App::new();
    let first = tokio::spawn(charge_elsewhere(app.clone(), "a".into()))
        .await
        .expect("a task");
    assert_eq!(first, Ok(1));
    assert_eq!(
        tokio::spawn(charge_elsewhere(app, "a".into()))
            .await
            .expect("a task"),
        first
    );
}

#[tokio::test]
async fn names_like_ours() {
    #[idempotent(store = __store, key = __arguments)]
    async fn like_ours(__store: &Idempotency, __arguments: &str) -> Result<String, Refused> {
        let __answer = 5;
        let __idempotency = __store.clone();
        Ok(format!("{__arguments} {__answer}"))
    }
    let store = Idempotency::in_memory();
    assert_eq!(like_ours(&store, "a").await.as_deref(), Ok("a 5"));
    assert_eq!(like_ours(&store, "a").await.as_deref(), Ok("a 5"));
}
