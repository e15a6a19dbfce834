//! A request whose claim is committed first, and whose effect and answer are one
//! transaction after it (`claim = before`).

use axum::response::Response;
use tracing::Instrument;

use super::capture::capture;
use super::caught::caught;
use super::in_transaction::Body;
use super::problem;
use super::serve::{answer_of, begin};
use super::serve_within::{Work, fault, writes};
use crate::attempt::CURRENT;
use crate::engine::{Call, ContinueOnDrop, Opened, Run, Writes, failed};
use crate::error::Error;
use crate::outcome::Release;
use crate::policy::Persist;
use crate::store::TransactionalStore;
use crate::telemetry::Watch;

impl<St, P, F, T> Work<St, P, F, T>
where
    St: TransactionalStore,
    P: FnOnce(&Response) -> Persist + Send + 'static,
    F: for<'a> FnOnce(&'a mut St::Transaction, T) -> Body<'a> + Send + 'static,
    T: Send + 'static,
{
    /// Answers a call: by its body, by a replay, or by a problem.
    pub(super) async fn serve_fenced(
        self,
        operation: &'static str,
        call: Result<Call, Error>,
    ) -> Response {
        match begin(self.transactional.engine(), operation, call).await {
            Err((answer, _)) => answer,
            Ok((run, watch, span)) => {
                let of = run.attempt().clone();
                let attempt = self.attempt_fenced(run, watch);
                ContinueOnDrop::of(of, attempt.instrument(span)).await
            }
        }
    }

    /// The one run of the body, to its end, whether its client stays or leaves.
    async fn attempt_fenced(self, run: Run, mut watch: Watch) -> Response {
        let Self {
            transactional,
            is_final,
            body,
            value,
        } = self;
        // Its transaction is this one: `attempt.begin` gives no second one.
        run.attempt().take_late();
        let engine = transactional.engine();
        let settings = &engine.settings;
        let opened = engine.bounded("begin", Opened::open(&transactional)).await;
        let mut opened = match opened {
            Ok(opened) => opened,
            Err(error) => {
                run.release(Release::Retry).await;
                let error = error.into();
                watch.refused(&error);
                return problem::of(&error, settings);
            }
        };
        watch.body_starts(run.attempt());
        let body = body(&mut opened.transaction, value);
        let body = CURRENT.scope(run.attempt().clone(), body);
        let judge = |response: Response| (is_final(&response), response);
        let caught = caught(body, judge).await;
        watch.body_ended();
        let Some((persist, response)) = caught else {
            opened.roll_back().await;
            run.panicked().await;
            watch.refused(&Error::Panicked);
            return problem::of(&Error::Panicked, settings);
        };
        if run.attempt().is_unknown() {
            opened.roll_back().await;
            run.release(Release::Interrupted).await;
            watch.refused(&Error::OutcomeUnknown);
            return problem::of(&Error::OutcomeUnknown, settings);
        }
        if persist == Persist::No {
            let fault = fault(response.status(), &mut opened).await;
            opened.roll_back().await;
            run.release(Release::Retry).await;
            let Some(error) = fault.map(failed) else {
                watch.released();
                return response;
            };
            watch.refused(&error);
            return problem::of(&error, settings);
        }
        let writes = writes(&response);
        let (answer, response) = capture(response, settings).await;
        let finished = match writes {
            Writes::Keep => run.commit(Box::new(opened), answer).await,
            Writes::Undo => {
                opened.roll_back().await;
                run.complete(answer).await
            }
        };
        watch.finished(&finished);
        answer_of(finished, response, settings)
    }
}
