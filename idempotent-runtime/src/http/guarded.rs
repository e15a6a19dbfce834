//! The annotated handler's last extractor: it takes the key and the digest of
//! the request on the way in, and runs the body through the engine.

use std::marker::PhantomData;

use axum::extract::{FromRef, FromRequest, Request};
use axum::response::{IntoResponse, Response};

use super::asked::{self, Asked};
use super::extract;
use super::finality;
use super::serve::serve;
use crate::arguments::Arguments;
use crate::attempt::{Attempt, CURRENT};
use crate::idempotency::Idempotency;
use crate::policy::{Persist, Spec};

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

/// Runs a body without a record; in another one's attempt it is not that one's.
pub(super) async fn unprotected<B: Future>(body: B) -> B::Output {
    CURRENT.scope(Attempt::default(), body).await
}

/// The last extractor of an annotated handler, with what guards its body.
#[derive(Debug)]
pub struct Guarded<Op, T> {
    /// What the wrapped extractor gave.
    pub value: T,
    asked: Option<Asked>,
    operation: PhantomData<fn() -> Op>,
}

/// Tells our implementations from axum's blanket ones, whatever `M` is. Its
/// name is for the compiler's message where a router's state lacks a store.
#[derive(Debug)]
pub struct TheStateNeedsAnIdempotency<M>(PhantomData<M>);

impl<S, M, Op, T> FromRequest<S, TheStateNeedsAnIdempotency<M>> for Guarded<Op, T>
where
    S: HasIdempotency + Send + Sync,
    Op: Operation,
    T: FromRequest<S, M>,
{
    type Rejection = Response;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Response> {
        // `T` may be, or contain, an extractor of ours.
        extract::reserve(&mut request);
        let (request, asked) = asked::read(request, state.idempotency(), &Op::SPEC).await?;
        let value = T::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(Self {
            value,
            asked: Some(asked),
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
            return unprotected(body(value)).await.into_response();
        };
        if let Some(_bypass) = asked.bypass(Op::SPEC.name) {
            return body(value).await.into_response();
        }
        let engine = asked.idempotency.engine.clone();
        let is_final = |response: &Response| finality::of(&Op::SPEC, Op::classify, response);
        let call = asked.call(&Op::SPEC, arguments);
        serve(&engine, Op::SPEC.name, call, is_final, || body(value)).await
    }
}

impl<Op: Operation, T> From<T> for Guarded<Op, T> {
    fn from(value: T) -> Self {
        Self::unprotected(value)
    }
}
