//! A request through the engine, for handlers and layer alike.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};

use super::capture::capture;
use super::caught::caught;
use super::problem;
use super::replay::replay;
use crate::attempt::CURRENT;
use crate::engine::{Begin, Call, ContinueOnDrop, Engine, Finished, Run};
use crate::error::{Error, RETRY_SOON};
use crate::outcome::Release;
use crate::policy::Persist;

/// Answers a call: by its body, by a replay, or by a problem. The body's
/// future is made when it runs, so that this one stays small to move.
pub(super) async fn serve<B>(
    engine: &Arc<Engine>,
    call: Result<Call, Error>,
    is_final: impl FnOnce(&Response) -> Persist + Send + 'static,
    body: impl FnOnce() -> B,
) -> Response
where
    B: Future<Output: IntoResponse> + Send + 'static,
{
    let begun = match call {
        Ok(call) => engine.begin(call).await,
        Err(error) => Err(error),
    };
    match begun {
        Err(error) => problem::of(&error, &engine.settings),
        Ok(Begin::Replay(done)) => replay(&done, &engine.settings),
        Ok(Begin::Run(run)) => {
            ContinueOnDrop::new(attempt(Arc::clone(engine), run, is_final, body())).await
        }
    }
}

/// The one run of the body, to its end, whether its client stays or leaves.
async fn attempt<B: Future<Output: IntoResponse>>(
    engine: Arc<Engine>,
    run: Run,
    is_final: impl FnOnce(&Response) -> Persist,
    body: B,
) -> Response {
    let settings = &engine.settings;
    let body = CURRENT.scope(run.attempt().clone(), body);
    let judge = |output: B::Output| {
        let response = output.into_response();
        (is_final(&response), response)
    };
    let Some((persist, response)) = caught(body, judge).await else {
        run.release(Release::Interrupted).await;
        return problem::of(&Error::Panicked, settings);
    };
    if run.attempt().is_unknown() {
        run.release(Release::Interrupted).await;
        return problem::of(&Error::OutcomeUnknown, settings);
    }
    if persist == Persist::No {
        run.release(Release::Retry).await;
        return response;
    }
    let (answer, response) = capture(response, settings).await;
    match run.complete(answer).await {
        Finished::Own => response,
        Finished::Replaced(done) => replay(&done, settings),
        Finished::Superseded => problem::of(
            &Error::InFlight {
                retry_after: RETRY_SOON,
            },
            settings,
        ),
    }
}
