//! The annotated handler's last extractor where it does nothing but parse the
//! body, and no knob looks at it: then it runs within the attempt, and a
//! replay, whose body is known to be the same, parses nothing.

use std::marker::PhantomData;
use std::pin::Pin;

use axum::Json;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::asked::{self, Asked};
use super::guarded::{HasIdempotency, Operation, TheStateNeedsAnIdempotency, unprotected};
use super::serve::serve;
use super::{extract, finality};
use crate::arguments::Arguments;
use crate::policy::{FingerprintKind, Persist, Spec};

/// The last extractor of an annotated handler, or the request for it.
#[derive(Debug)]
pub struct Deferred<Op, T> {
    held: Held<T>,
    asked: Option<Asked>,
    operation: PhantomData<fn() -> Op>,
}

#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // one of each call, moved twice
enum Held<T> {
    Value(T),
    Request(Request, Extract<T>),
}

/// An annotated handler whose last extractor no knob looks at.
pub trait DeferringOperation<T>: Operation {
    /// How the last extractor parses the body, where it does nothing else.
    const EXTRACT: Option<Extract<T>>;
}

/// Parses a body, without a router's state.
pub type Extract<T> = fn(Request) -> Pin<Box<dyn Future<Output = Result<T, Response>> + Send>>;

/// Says of an extractor whether it only parses the body: such a one authorises
/// nobody, so that a replay may do without it.
#[derive(Debug)]
pub struct BodyOnly<T>(PhantomData<T>);

/// What holds of every extractor that is not known: it runs before the claim.
pub trait Unknown<T> {
    /// None: it may need a state, or do more than parse.
    const EXTRACT: Option<Extract<T>> = None;
}

impl<T> Unknown<T> for BodyOnly<T> {}

/// An inherent constant goes before the trait's.
macro_rules! body_only {
    ($(impl($($inner:ident)?) $extractor:ty;)*) => {$(
        impl$(<$inner: DeserializeOwned + Send + 'static>)? BodyOnly<$extractor> {
            /// Parses the body.
            pub const EXTRACT: Option<Extract<$extractor>> = Some(|request| {
                Box::pin(async {
                    let value = <$extractor>::from_request(request, &()).await;
                    value.map_err(IntoResponse::into_response)
                })
            });
        }
    )*};
}
body_only! {
    impl(V) Json<V>;
    impl() Bytes;
    impl() String;
}

impl<S, M, Op, T> FromRequest<S, TheStateNeedsAnIdempotency<M>> for Deferred<Op, T>
where
    S: HasIdempotency + Send + Sync,
    Op: DeferringOperation<T>,
    T: FromRequest<S, M>,
{
    type Rejection = Response;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Response> {
        if Op::EXTRACT.is_none() {
            // `T` may be, or contain, an extractor of ours.
            extract::reserve(&mut request);
        }
        let (request, asked) = asked::read(request, state.idempotency(), &Op::SPEC).await?;
        let held = match Op::EXTRACT {
            // Only a body that was read for the fingerprint: no claim waits
            // for a slow client.
            Some(extract) if asked.is_guarded() && digests(&Op::SPEC) => {
                Held::Request(request, extract)
            }
            _ => {
                let value = T::from_request(request, state).await;
                Held::Value(value.map_err(IntoResponse::into_response)?)
            }
        };
        Ok(Self {
            held,
            asked: Some(asked),
            operation: PhantomData,
        })
    }
}

impl<Op: Operation, T: Send + 'static> Deferred<Op, T> {
    /// A value without a guard, so that a test can call the handler directly.
    pub fn unprotected(value: T) -> Self {
        Self {
            held: Held::Value(value),
            asked: None,
            operation: PhantomData,
        }
    }

    /// Runs the body once for all calls of its key, and answers this call. A
    /// body that does not parse is refused, and its key released.
    pub async fn run<F, B>(self, arguments: Arguments, body: F) -> Response
    where
        F: FnOnce(T) -> B + Send + 'static,
        B: Future<Output: IntoResponse> + Send + 'static,
    {
        let Self { held, asked, .. } = self;
        let attempt = || async move {
            let value = match held {
                Held::Value(value) => value,
                Held::Request(request, extract) => match extract(request).await {
                    Ok(value) => value,
                    Err(refused) => return not_stored(refused),
                },
            };
            body(value).await.into_response()
        };
        let Some(asked) = asked else {
            return unprotected(attempt()).await;
        };
        if let Some(_bypass) = asked.bypass(Op::SPEC.name) {
            return attempt().await;
        }
        let engine = asked.idempotency.engine.clone();
        let is_final = |response: &Response| finality::of(&Op::SPEC, Op::classify, response);
        let call = asked.call(&Op::SPEC, arguments);
        serve(&engine, Op::SPEC.name, call, is_final, attempt).await
    }
}

impl<Op: Operation, T: Send + 'static> From<T> for Deferred<Op, T> {
    fn from(value: T) -> Self {
        Self::unprotected(value)
    }
}

fn digests(spec: &Spec) -> bool {
    spec.fingerprint == FingerprintKind::Request
}

fn not_stored(mut refused: Response) -> Response {
    refused.extensions_mut().insert(Persist::No);
    refused
}
