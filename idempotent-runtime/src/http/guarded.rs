//! The annotated handler's last extractor: it takes the key and the digest of
//! the request on the way in, and runs the body through the engine.

use std::marker::PhantomData;

use axum::extract::{FromRef, FromRequest, Request};
use axum::response::{IntoResponse, Response};

use super::extract::IdempotencyKey;
use super::serve::serve;
use super::{finality, fingerprint, key, problem};
use crate::arguments::Arguments;
use crate::attempt::Attempt;
use crate::engine::Call;
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::idempotency::Idempotency;
use crate::key::{Key, KeyError};
use crate::operations;
use crate::policy::{FingerprintKind, KeySource, Persist, Spec};

/// An annotated handler.
pub trait Operation: 'static {
    /// What the attribute decided.
    const SPEC: Spec;

    /// Which responses are final, with `persist = path`.
    fn classify(response: &Response) -> Persist {
        let _ = response;
        Persist::Yes
    }
}

/// A router's state that has an [`Idempotency`].
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` has no idempotency store",
    label = "this state has no `Idempotency`",
    note = "add a field `idempotency: Idempotency` to `{Self}`, and derive `FromRef` for it",
    note = "or use `Idempotency` itself as the state: `.with_state(Idempotency::in_memory())`"
)]
pub trait HasIdempotency {
    /// The state's idempotency.
    fn idempotency(&self) -> Idempotency;
}

#[diagnostic::do_not_recommend]
impl<S> HasIdempotency for S
where
    Idempotency: FromRef<S>,
{
    fn idempotency(&self) -> Idempotency {
        Idempotency::from_ref(self)
    }
}

/// `state = App`: the router's state has a store, or a precise error.
pub fn check_state<S: HasIdempotency>() {}

/// The last extractor of an annotated handler, with what guards its body.
#[derive(Debug)]
pub struct Guarded<Op, T> {
    /// What the wrapped extractor gave.
    pub value: T,
    asked: Option<Asked>,
    operation: PhantomData<fn() -> Op>,
}

/// What the request asked; without it the body runs unprotected.
#[derive(Debug)]
struct Asked {
    idempotency: Idempotency,
    key: Option<Key>,
    key_slot: Option<IdempotencyKey>,
    attempt: Option<Attempt>,
    fingerprint: Fingerprint,
}

/// Tells this implementation from axum's blanket ones, whatever `M` is.
#[derive(Debug)]
pub struct Via<M>(PhantomData<M>);

impl<S, M, Op, T> FromRequest<S, Via<M>> for Guarded<Op, T>
where
    S: HasIdempotency + Send + Sync,
    Op: Operation,
    T: FromRequest<S, M>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let spec = &Op::SPEC;
        let idempotency = state.idempotency();
        let refuse = |error| problem::of(&error, &idempotency.engine.settings);
        operations::check(spec).map_err(refuse)?;
        let key = match spec.key {
            KeySource::Expression => None,
            KeySource::Header(name) | KeySource::OptionalHeader(name) => {
                key::read(request.headers(), name).map_err(refuse)?
            }
        };
        let (request, asked) = match (spec.key, &key) {
            (KeySource::OptionalHeader(_), None) => (request, None),
            (KeySource::Header(header), None) => return Err(refuse(Error::KeyMissing { header })),
            _ => {
                let extensions = request.extensions();
                let key_slot = extensions.get::<IdempotencyKey>().cloned();
                let attempt = extensions.get::<Attempt>().cloned();
                let (request, fingerprint) = match spec.fingerprint {
                    FingerprintKind::Request => fingerprint::digested(request).await?,
                    _ => (request, Fingerprint::none()),
                };
                (
                    request,
                    Some(Asked {
                        idempotency,
                        key,
                        key_slot,
                        attempt,
                        fingerprint,
                    }),
                )
            }
        };
        let value = T::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(Self {
            value,
            asked,
            operation: PhantomData,
        })
    }
}

impl<Op: Operation, T> Guarded<Op, T> {
    /// A value without a guard, so that a test can call the handler directly.
    pub fn unprotected(value: T) -> Self {
        Self {
            value,
            asked: None,
            operation: PhantomData,
        }
    }

    /// Runs the body once for all calls of its key, and answers this call.
    pub async fn run<F, B>(self, arguments: Arguments, body: F) -> Response
    where
        F: FnOnce(T) -> B,
        B: Future<Output: IntoResponse> + Send + 'static,
    {
        let Self { value, asked, .. } = self;
        let Some(asked) = asked else {
            return body(value).await.into_response();
        };
        let engine = asked.idempotency.engine.clone();
        let is_final = |response: &Response| finality::of(&Op::SPEC, Op::classify, response);
        serve(&engine, asked.call(&Op::SPEC, arguments), is_final, || {
            body(value)
        })
        .await
    }
}

impl<Op: Operation, T> From<T> for Guarded<Op, T> {
    fn from(value: T) -> Self {
        Self::unprotected(value)
    }
}

impl Asked {
    fn call(self, spec: &Spec, arguments: Arguments) -> Result<Call, Error> {
        let settings = &self.idempotency.engine.settings;
        // The macro gives every handler a header or an expression.
        let key = match self.key {
            Some(key) => key,
            None => arguments.key.unwrap_or(Err(KeyError::Empty.into()))?,
        };
        let fingerprint = arguments.fingerprint.unwrap_or(Ok(self.fingerprint))?;
        let mut call = Call::new(settings, spec, &arguments.scope?, &key, fingerprint)?;
        if let Some(slot) = self.key_slot {
            slot.fill(&key);
        }
        if let Some(attempt) = self.attempt {
            call.attempt = attempt;
        }
        Ok(call)
    }
}
