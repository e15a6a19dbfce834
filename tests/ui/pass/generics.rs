//! Generic handlers and functions, lifetimes and bounds.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt::Display;

use axum::extract::{FromRef, FromRequestParts, State};
use axum::http::request::Parts;
use axum::routing::post;
use idempotent_runtime::private::Guarded;
use idempotent_runtime::{Idempotency, idempotent};

use super::world::{Account, App, Effects, Order, Refused, replays};

#[tokio::test]
async fn handlers_of_types_and_constants() {
    #[idempotent(scope = public, name = "generics.handler")]
    async fn pay<E, const N: usize>(State(effects): State<E>) -> String
    where
        E: Into<Effects> + Send + 'static,
    {
        format!("{} {N}", effects.into().add())
    }
    replays(post(pay::<Effects, 3>)).await;
}

#[tokio::test]
async fn handlers_of_opaque_arguments() {
    #[idempotent(scope = public, name = "generics.opaque")]
    async fn pay<S>(
        State(state): State<S>,
        who: impl FromRequestParts<App> + Display + Send + 'static,
    ) -> String
    where
        S: Send + 'static,
        Effects: FromRef<S>,
    {
        format!("{who} {}", Effects::from_ref(&state).add())
    }
    // A handler of opaque arguments is no handler by itself, but one can call it.
    let state = App::new();
    let who: Guarded<_, Named> = Guarded::unprotected(Named);
    let response = pay(State(state), who).await;
    assert_eq!(response.status(), 200);
}

struct Named;

impl Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("named")
    }
}

impl<S: Sync> FromRequestParts<S> for Named {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

#[tokio::test]
async fn functions_of_types_and_constants() {
    #[idempotent(store = store, key = key, name = "generics.function")]
    async fn run<K, V, const N: usize>(
        store: &Idempotency,
        key: K,
        value: V,
    ) -> Result<String, Refused>
    where
        K: idempotent_runtime::ToKey + Display,
        V: Display,
    {
        Ok(format!("{key} {value} {N}"))
    }
    let store = Idempotency::in_memory();
    let first = run::<_, _, 3>(&store, "a", 1).await;
    assert_eq!(first.as_deref(), Ok("a 1 3"));
    assert_eq!(run::<_, _, 3>(&store, "a", "other").await, first);
}

#[tokio::test]
async fn functions_of_opaque_arguments() {
    #[idempotent(store = store, key = key.as_ref(), name = "generics.opaque_function")]
    async fn run(
        store: &Idempotency,
        key: impl AsRef<str>,
        n: impl Into<u64>,
    ) -> Result<u64, Refused> {
        Ok(n.into() + key.as_ref().len() as u64)
    }
    let store = Idempotency::in_memory();
    assert_eq!(run(&store, "a", 1_u32).await, Ok(2));
    assert_eq!(run(&store, String::from("a"), 7_u8).await, Ok(2));
}

#[tokio::test]
async fn named_and_elided_lifetimes() {
    #[idempotent(store = store, key = order.id)]
    async fn named<'a, 'b>(
        store: &'a Idempotency,
        order: &'b Order,
        note: &'a str,
    ) -> Result<Cow<'a, str>, Refused>
    where
        'b: 'a,
    {
        Ok(Cow::Borrowed(if order.amount > 3 {
            note
        } else {
            &order.id
        }))
    }
    #[idempotent(store = store, key = order.id)]
    async fn elided(store: &Idempotency, order: &Order) -> Result<String, Refused> {
        Ok(order.id.clone())
    }
    let (store, order) = (Idempotency::in_memory(), Order::new());
    assert_eq!(named(&store, &order, "note").await.as_deref(), Ok("note"));
    assert_eq!(named(&store, &order, "other").await.as_deref(), Ok("note"));
    assert_eq!(elided(&store, &order).await.as_deref(), Ok("order-1"));
}

#[tokio::test]
async fn a_handler_of_a_reference_free_wrapper() {
    #[idempotent(scope = account.id)]
    async fn pay(account: Account) -> Cow<'static, str> {
        Cow::Owned(account.id)
    }
    replays(post(pay)).await;
}
