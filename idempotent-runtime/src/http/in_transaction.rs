//! The last extractor of an annotated handler with `transaction = …`: it reads
//! the key and the digest, and runs the body inside one transaction with its
//! claim and its answer.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;

use axum::extract::{FromRef, FromRequest, Request};
use axum::response::{IntoResponse, Response};

use super::asked::{self, Asked};
use super::guarded::Operation;
use super::serve_within::Work;
use super::{extract, finality};
use crate::arguments::Arguments;
use crate::policy::TransactionRule;
use crate::store::TransactionalStore;
use crate::transactional::Transactional;

/// A router's state that has a [`Transactional`] over this store.
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` has no transactional store over the database of this transaction",
    label = "this state has no `Transactional<{St}>`",
    note = "add a field `transactional: Transactional<{St}>` to `{Self}`, and derive `FromRef` for it",
    note = "`Transactional::new(store)` makes one; its `.idempotency()` is the `Idempotency` of the other handlers"
)]
pub trait HasTransactional<St> {
    /// The state's transactional store.
    fn transactional(&self) -> Transactional<St>;
}

#[diagnostic::do_not_recommend]
impl<S, St> HasTransactional<St> for S
where
    Transactional<St>: FromRef<S>,
{
    fn transactional(&self) -> Transactional<St> {
        Transactional::from_ref(self)
    }
}

/// `state = App`: the router's state has a transactional store of the database
/// of the transaction, or a precise error.
pub fn check_transactional<S: HasTransactional<St>, St: TransactionalStore>() {}

/// The last extractor of an annotated handler, with what runs its body inside a
/// transaction of the store `St`.
pub struct InTransaction<Op, St, T> {
    /// What the wrapped extractor gave.
    pub value: T,
    asked: Option<Asked>,
    transactional: Transactional<St>,
    operation: PhantomData<fn() -> Op>,
}

/// What a handler's body becomes: a future that borrows the transaction.
pub(super) type Body<'a> = Pin<Box<dyn Future<Output = Response> + Send + 'a>>;

/// Tells our implementations from axum's blanket ones, whatever `M` is. Its
/// name is for the compiler's message where a router's state lacks a store.
#[derive(Debug)]
pub struct TheStateNeedsATransactional<M>(PhantomData<M>);

impl<S, M, Op, St, T> FromRequest<S, TheStateNeedsATransactional<M>> for InTransaction<Op, St, T>
where
    S: HasTransactional<St> + Send + Sync,
    Op: Operation,
    St: TransactionalStore,
    T: FromRequest<S, M>,
{
    type Rejection = Response;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Response> {
        // `T` may be, or contain, an extractor of ours.
        extract::reserve(&mut request);
        let transactional = state.transactional();
        let idempotency = transactional.idempotency();
        let (request, asked) = asked::read(request, idempotency, &Op::SPEC).await?;
        let value = T::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(Self {
            value,
            asked: Some(asked),
            transactional,
            operation: PhantomData,
        })
    }
}

impl<Op: Operation, St: TransactionalStore, T: Send + 'static> InTransaction<Op, St, T> {
    /// A value without a guard, so that a test can call the handler directly: the
    /// body runs in a transaction of this store, without a key.
    pub fn unprotected(value: T, transactional: &Transactional<St>) -> Self {
        Self {
            value,
            asked: None,
            transactional: transactional.clone(),
            operation: PhantomData,
        }
    }

    /// Runs the body once for all calls of its key, in one transaction with its
    /// answer, and answers this call.
    pub async fn run<F>(self, arguments: Arguments, body: F) -> Response
    where
        F: for<'a> FnOnce(&'a mut St::Transaction, T) -> Body<'a> + Send + 'static,
    {
        let Self {
            value,
            asked,
            transactional,
            ..
        } = self;
        let is_final = |response: &Response| finality::of(&Op::SPEC, Op::classify, response);
        let work = Work {
            transactional,
            is_final,
            body,
            value,
        };
        let name = Op::SPEC.name;
        match asked {
            Some(asked) if asked.is_guarded() => {
                let call = asked.call(&Op::SPEC, arguments);
                match Op::SPEC.transaction {
                    TransactionRule::ClaimBefore => work.serve_fenced(name, call).await,
                    _ => work.serve(name, call).await,
                }
            }
            asked => {
                let _bypass = asked.as_ref().and_then(|asked| asked.bypass(name));
                work.serve_unprotected().await
            }
        }
    }
}

impl<Op, St, T> fmt::Debug for InTransaction<Op, St, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InTransaction")
    }
}
