//! A request whose body runs inside one transaction with its claim and answer.

use axum::response::Response;
use http::StatusCode;
use tracing::Instrument;

use super::capture::capture;
use super::caught::caught;
use super::in_transaction::Body;
use super::problem;
use super::replay::replay;
use crate::attempt::CURRENT;
use crate::engine::{BeginWithin, Call, ContinueOnDrop, Ended, Opened, Within, Writes, failed};
use crate::error::Error;
use crate::policy::Persist;
use crate::store::{StoreError, TransactionalStore};
use crate::telemetry::Watch;
use crate::transactional::Transactional;

/// What a request's one run is made of.
pub(super) struct Work<St, P, F, T> {
    pub(super) transactional: Transactional<St>,
    pub(super) is_final: P,
    pub(super) body: F,
    pub(super) value: T,
}

impl<St, P, F, T> Work<St, P, F, T>
where
    St: TransactionalStore,
    P: FnOnce(&Response) -> Persist + Send + 'static,
    F: for<'a> FnOnce(&'a mut St::Transaction, T) -> Body<'a> + Send + 'static,
    T: Send + 'static,
{
    /// Answers a call: by its body, by a replay, or by a problem.
    pub(super) async fn serve(
        self,
        operation: &'static str,
        call: Result<Call, Error>,
    ) -> Response {
        let engine = self.transactional.engine();
        let mut watch = Watch::new(&engine.telemetry, operation);
        let span = watch.span();
        let begun = match call {
            Ok(call) => {
                watch.identified(call.id);
                let begin = engine.begin_within(&self.transactional, call);
                begin.instrument(span.clone()).await
            }
            Err(error) => Err(error),
        };
        match begun {
            Err(error) => {
                watch.refused(&error);
                problem::of(&error, &engine.settings)
            }
            Ok(BeginWithin::Replay(done)) => {
                watch.replayed(&done);
                replay(&done, &engine.settings)
            }
            Ok(BeginWithin::Run(within, opened)) => {
                let of = within.attempt().clone();
                let attempt = self.attempt(within, opened, watch);
                ContinueOnDrop::of(of, attempt.instrument(span)).await
            }
        }
    }

    /// Without a key: in a transaction all the same, which a refusal or a failure
    /// rolls back.
    pub(super) async fn serve_unprotected(self) -> Response {
        let engine = self.transactional.engine();
        let problem = |error| problem::of(&failed(error), &engine.settings);
        let open = Opened::open(&self.transactional);
        let mut opened = match engine.bounded("begin", open).await {
            Ok(opened) => opened,
            Err(error) => return problem::of(&error.into(), &engine.settings),
        };
        let response = (self.body)(&mut opened.transaction, self.value).await;
        if writes(&response) == Writes::Undo {
            opened.roll_back().await;
            return response;
        }
        // A failed transaction's COMMIT is a rollback that says nothing.
        if let Some(error) = opened.fault().await {
            opened.roll_back().await;
            return problem(error);
        }
        match engine.bounded("commit", opened.commit()).await {
            Ok(()) => response,
            Err(error) => problem(error),
        }
    }

    /// The one run of the body, to its end, whether its client stays or leaves.
    async fn attempt(self, within: Within, mut opened: Opened<St>, mut watch: Watch) -> Response {
        let Self {
            transactional,
            is_final,
            body,
            value,
        } = self;
        let settings = &transactional.engine().settings;
        watch.body_starts_in_transaction(within.attempt());
        let body = body(&mut opened.transaction, value);
        let body = CURRENT.scope(within.attempt().clone(), body);
        let judge = |response: Response| (is_final(&response), response);
        let caught = caught(body, judge).await;
        watch.body_ended();
        let Some((persist, response)) = caught else {
            within.roll_back(opened).await;
            watch.refused(&Error::Panicked);
            return problem::of(&Error::Panicked, settings);
        };
        if persist == Persist::No {
            let fault = fault(response.status(), &mut opened).await;
            let fault = fault.map(|fault| within.fails(fault));
            within.roll_back(opened).await;
            let Some(error) = fault else {
                watch.released();
                return response;
            };
            watch.refused(&error);
            return problem::of(&error, settings);
        }
        let writes = writes(&response);
        let (answer, response) = capture(response, settings).await;
        match within.commit(&transactional, opened, answer, writes).await {
            Ended::Own => {
                watch.executed();
                response
            }
            Ended::Replaced(done) => {
                watch.lost();
                replay(&done, settings)
            }
            Ended::Failed(error) => {
                watch.refused(&error);
                problem::of(&error, settings)
            }
        }
    }
}

/// What becomes of what a body wrote that gave this answer: a refusal has no
/// effect.
pub(super) fn writes(response: &Response) -> Writes {
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        Writes::Undo
    } else {
        Writes::Keep
    }
}

/// Why the transaction failed under a body that answers with a failure of its
/// own: a retry may do better, which the body's answer does not say.
pub(super) async fn fault<St: TransactionalStore>(
    status: StatusCode,
    opened: &mut Opened<St>,
) -> Option<StoreError> {
    if !status.is_server_error() {
        return None;
    }
    opened.fault().await
}
