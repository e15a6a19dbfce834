//! A request through the engine, for handlers and layer alike.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use tracing::{Instrument, Span};

use super::capture::capture;
use super::caught::caught;
use super::problem;
use super::replay::replay;
use super::rerun::Rerun;
use super::serve_within::writes;
use crate::attempt::CURRENT;
use crate::engine::{Begin, Call, ContinueOnDrop, Engine, Finished, Run};
use crate::error::{Error, RETRY_SOON};
use crate::outcome::{Done, Release};
use crate::policy::Persist;
use crate::settings::Settings;
use crate::telemetry::Watch;

/// Answers a call: by its body, by a replay, or by a problem. The body's
/// future is made when it runs, so that this one stays small to move.
pub(super) async fn serve<B>(
    engine: &Arc<Engine>,
    operation: &'static str,
    call: Result<Call, Error>,
    is_final: impl FnOnce(&Response) -> Persist + Send + 'static,
    body: impl FnOnce() -> B,
) -> Response
where
    B: Future<Output: IntoResponse> + Send + 'static,
{
    let rerun = call.as_ref().ok();
    let rerun = rerun.and_then(|call| Rerun::drawn(engine, call));
    match begin(engine, operation, call).await {
        Err((replay, Some(done))) => match rerun {
            Some(rerun) => rerun.after(replay, done.answer, is_final, body()),
            None => replay,
        },
        Err((refusal, None)) => refusal,
        Ok((run, watch, span)) => {
            let of = run.attempt().clone();
            let attempt = attempt(Arc::clone(engine), run, watch, is_final, body());
            ContinueOnDrop::of(of, attempt.instrument(span)).await
        }
    }
}

/// A run for the body, with what watches it; or the answer without one, and
/// what it replays.
pub(super) async fn begin(
    engine: &Arc<Engine>,
    operation: &'static str,
    call: Result<Call, Error>,
) -> Result<(Run, Watch, Span), (Response, Option<Done>)> {
    let mut watch = Watch::new(&engine.telemetry, operation);
    let span = watch.span();
    let begun = match call {
        Ok(call) => {
            watch.identified(call.id);
            engine.begin(call).instrument(span.clone()).await
        }
        Err(error) => Err(error),
    };
    match begun {
        Err(error) => {
            watch.refused(&error);
            Err((problem::of(&error, &engine.settings), None))
        }
        Ok(Begin::Replay(done)) => {
            watch.replayed(&done);
            Err((replay(&done, &engine.settings), Some(done)))
        }
        Ok(Begin::Run(run)) => Ok((run, watch, span)),
    }
}

/// The one run of the body, to its end, whether its client stays or leaves.
async fn attempt<B: Future<Output: IntoResponse>>(
    engine: Arc<Engine>,
    run: Run,
    mut watch: Watch,
    is_final: impl FnOnce(&Response) -> Persist,
    body: B,
) -> Response {
    let settings = &engine.settings;
    watch.body_starts(run.attempt());
    let body = CURRENT.scope(run.attempt().clone(), body);
    let judge = |output: B::Output| {
        let response = output.into_response();
        (is_final(&response), response)
    };
    let caught = caught(body, judge).await;
    watch.body_ended();
    let Some((persist, response)) = caught else {
        run.panicked().await;
        watch.refused(&Error::Panicked);
        return problem::of(&Error::Panicked, settings);
    };
    if run.attempt().is_unknown() {
        run.release(Release::Interrupted).await;
        watch.refused(&Error::OutcomeUnknown);
        return problem::of(&Error::OutcomeUnknown, settings);
    }
    if persist == Persist::No {
        run.release(Release::Retry).await;
        watch.released();
        return response;
    }
    let writes = writes(&response);
    let (answer, response) = capture(response, settings).await;
    let finished = run.conclude(answer, writes).await;
    watch.finished(&finished);
    answer_of(finished, response, settings)
}

/// What the caller of a finished body gets.
pub(super) fn answer_of(finished: Finished, response: Response, settings: &Settings) -> Response {
    match finished {
        Finished::Own => response,
        Finished::Replaced(done) => replay(&done, settings),
        Finished::Failed(error) => problem::of(&error, settings),
        Finished::Superseded => problem::of(
            &Error::InFlight {
                retry_after: RETRY_SOON,
            },
            settings,
        ),
    }
}
