//! The check: controls first, then the scenarios, each with fresh keys.

use std::{fmt::Display, time::Duration};

use bytes::Bytes;
use http_body_util::Full;
use serde_json::Value;
use tower_service::Service as Tower;

use super::{
    run::{Plan, Run},
    send::send,
    verdict::{Checked, Failed},
};
use crate::{
    case::{Body, Request},
    profile::Profile,
};

/// A service to be checked.
#[derive(Clone, Debug)]
pub struct Service<S>(S);

/// What is to be checked, and how.
#[derive(Clone, Debug)]
pub struct Check<S, L = ()> {
    service: S,
    request: Request,
    other: Option<Value>,
    failing: Option<Value>,
    ledger: L,
    seed: u64,
    orders: usize,
    patience: Duration,
}

/// Begins a check of a service; an axum `Router` is one.
pub fn service<S>(service: S) -> Service<S> {
    Service(service)
}

impl<S> Service<S> {
    /// A POST of JSON.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "`json!(…)` is written in place"
    )]
    pub fn post(self, path: &str, body: Value) -> Check<S> {
        self.request("POST", path, &body)
    }

    /// Any request with JSON.
    pub fn request(self, method: &str, path: &str, body: &Value) -> Check<S> {
        let mut request = Request {
            method: method.to_owned(),
            url: path.to_owned(),
            body: Body::text(body.to_string()),
            ..Request::default()
        };
        request.headers.set("content-type", "application/json");
        Check {
            service: self.0,
            request,
            other: None,
            failing: None,
            ledger: (),
            seed: 1,
            orders: 2_000,
            patience: Duration::from_mins(2),
        }
    }
}

impl<S, L> Check<S, L> {
    /// A header of every request, such as a credential.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request.headers.set(name, value);
        self
    }

    /// Another payload that runs by itself: with a used key it must be refused.
    pub fn other(mut self, body: Value) -> Self {
        self.other = Some(body);
        self
    }

    /// A payload that is answered with an error: its retry is judged by the profile.
    pub fn failing(mut self, body: Value) -> Self {
        self.failing = Some(body);
        self
    }

    /// What orders the interleavings; 1 at first.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How many interleavings are sampled; 2,000 at first.
    pub fn orders(mut self, orders: usize) -> Self {
        self.orders = orders;
        self
    }

    /// For how long a retry may be told that its key is in use; two minutes at first.
    /// With paused time it costs nothing.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// What counts effects: how often the work was done so far.
    pub fn ledger<F: Fn() -> usize>(self, effects: F) -> Check<S, F> {
        Check {
            service: self.service,
            request: self.request,
            other: self.other,
            failing: self.failing,
            ledger: effects,
            seed: self.seed,
            orders: self.orders,
            patience: self.patience,
        }
    }
}

impl<S, F: Fn() -> usize> Check<S, F> {
    /// Runs the controls and the scenarios.
    pub async fn check<R>(self, profile: Profile) -> Result<Checked, Failed>
    where
        S: Tower<http::Request<Full<Bytes>>, Response = http::Response<R>> + Clone,
        S::Error: Display,
        R: http_body::Body,
        R::Error: Display,
    {
        if profile == Profile::Natural {
            let why = "the natural profile has no key: read the state in a test of your own";
            return Err(Failed::Control(why.into()));
        }
        let service = &self.service;
        let mut run = Run::new(
            profile,
            Plan {
                call: Box::new(move |request| Box::pin(send(service.clone(), request))),
                effects: &self.ledger,
                request: &self.request,
                other: self.other.as_ref(),
                failing: self.failing.as_ref(),
                orders: self.orders,
                patience: self.patience,
                seed: self.seed,
            },
        );
        let ended = run.all().await;
        run.verdict(ended)
    }
}
