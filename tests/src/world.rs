//! A router, a store and a counter of effects.

use axum::Router;
use axum::extract::FromRef;
use axum::http::Method;
use idempotent_runtime::{Idempotency, IdempotencyBuilder, MemoryStore};

use crate::{Ask, Scripted, Work};

/// The state of the routers under test.
#[derive(Debug, Clone, FromRef)]
pub struct App {
    /// What the handlers are guarded by.
    pub idempotency: Idempotency,
    /// What their bodies do.
    pub work: Work,
}

/// A service, its store, and what it did.
#[derive(Debug)]
pub struct World {
    /// What its functions are guarded by.
    pub idempotency: Idempotency,
    /// What its bodies do.
    pub work: Work,
    /// Where its records are.
    pub store: Scripted,
    router: Router,
}

impl World {
    /// A service of these routes, with the defaults.
    pub fn new(routes: Router<App>) -> Self {
        Self::tuned(routes, |builder| builder)
    }

    /// A service of these routes, with bounds of its own.
    pub fn tuned(
        routes: Router<App>,
        tune: impl FnOnce(IdempotencyBuilder) -> IdempotencyBuilder,
    ) -> Self {
        Self::over(MemoryStore::new(), routes, tune)
    }

    /// A service over a store with bounds of its own.
    pub fn over(
        memory: MemoryStore,
        routes: Router<App>,
        tune: impl FnOnce(IdempotencyBuilder) -> IdempotencyBuilder,
    ) -> Self {
        let store = Scripted::new(memory);
        let tuned = tune(Idempotency::builder(store.clone()));
        let idempotency = tuned.build().expect("a ttl and a lease within their range");
        let work = Work::default();
        let app = App {
            idempotency: idempotency.clone(),
            work: work.clone(),
        };
        Self {
            idempotency,
            work,
            store,
            router: routes.with_state(app),
        }
    }

    /// A world of functions, without routes.
    pub fn of_functions() -> Self {
        Self::new(Router::new())
    }

    /// A world of functions, with bounds of its own.
    pub fn of_functions_tuned(tune: impl FnOnce(IdempotencyBuilder) -> IdempotencyBuilder) -> Self {
        Self::tuned(Router::new(), tune)
    }

    /// The same world with these routes, whose state is its work; for routes
    /// that are guarded by a layer.
    #[must_use]
    pub fn routed(mut self, routes: Router<Work>) -> Self {
        self.router = routes.with_state(self.work.clone());
        self
    }

    /// The state that its handlers have.
    pub fn app(&self) -> App {
        App {
            idempotency: self.idempotency.clone(),
            work: self.work.clone(),
        }
    }

    /// A request by POST.
    pub fn post(&self, uri: &str) -> Ask {
        self.ask(Method::POST, uri)
    }

    /// A request by another method.
    pub fn ask(&self, method: Method, uri: &str) -> Ask {
        Ask::new(self.router.clone(), method, uri)
    }
}
