//! What a request asks of an operation: its key and its fingerprint, read
//! before the body is claimed or run.

use axum::extract::Request;
use axum::response::Response;

use super::observe::Observed;
use super::{fingerprint, key, problem, traceparent};
use crate::arguments::Arguments;
use crate::attempt::Attempt;
use crate::engine::Call;
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::idempotency::Idempotency;
use crate::key::{Key, KeyError};
use crate::operations;
use crate::policy::{FingerprintKind, KeySource, Spec};
use crate::record::Trace;
use crate::telemetry::Bypass;

/// What the request asked.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) idempotency: Idempotency,
    key: Option<Key>,
    /// Whether it has no key, and need not have one.
    bypassed: bool,
    attempt: Option<Attempt>,
    fingerprint: Fingerprint,
    trace: Option<Trace>,
}

/// The request, and what it asks.
pub(super) async fn read(
    request: Request,
    idempotency: Idempotency,
    spec: &Spec,
) -> Result<(Request, Asked), Response> {
    let refuse = |error| {
        idempotency.engine.telemetry.refused(spec.name, &error);
        problem::of(&error, &idempotency.engine.settings)
    };
    guards(&request);
    operations::check(spec).map_err(refuse)?;
    let key = match spec.key {
        KeySource::Expression => None,
        KeySource::Header(name) | KeySource::OptionalHeader(name) => {
            key::read(request.headers(), name).map_err(refuse)?
        }
    };
    let bypassed = match (spec.key, &key) {
        (KeySource::Header(header), None) => return Err(refuse(Error::KeyMissing { header })),
        (KeySource::OptionalHeader(_), None) => true,
        _ => false,
    };
    // A layer round the router may have begun one, for another record.
    let attempt = request.extensions().get::<Attempt>();
    let attempt = attempt.filter(|it| !it.is_protected()).cloned();
    let trace = traceparent::of(request.headers());
    let (request, fingerprint) = match spec.fingerprint {
        FingerprintKind::Request if !bypassed => fingerprint::digested(request).await?,
        _ => (request, Fingerprint::none()),
    };
    let asked = Asked {
        idempotency,
        key,
        bypassed,
        attempt,
        fingerprint,
        trace,
    };
    Ok((request, asked))
}

/// Tells a layer that observes the request that it is guarded.
pub(super) fn guards(request: &Request) {
    if let Some(observed) = request.extensions().get::<Observed>() {
        observed.guarded();
    }
}

impl Asked {
    /// The body runs unprotected, until the result is dropped.
    pub(super) fn bypass(&self, operation: &'static str) -> Option<Bypass> {
        let telemetry = &self.idempotency.engine.telemetry;
        self.bypassed.then(|| telemetry.bypassed(operation))
    }

    pub(super) fn is_guarded(&self) -> bool {
        !self.bypassed
    }

    /// The call of the operation with the values of its expressions.
    pub(super) fn call(self, spec: &Spec, arguments: Arguments) -> Result<Call, Error> {
        let settings = &self.idempotency.engine.settings;
        // The macro gives every handler a header or an expression.
        let key = match self.key {
            Some(key) => key,
            None => arguments.key.unwrap_or(Err(KeyError::Empty.into()))?,
        };
        let fingerprint = arguments.fingerprint.unwrap_or(Ok(self.fingerprint))?;
        let mut call = Call::new(settings, spec, &arguments.scope?, &key, fingerprint)?;
        call.trace = self.trace;
        if let Some(attempt) = self.attempt {
            attempt.keep_key(key);
            call.attempt = attempt;
        }
        Ok(call)
    }
}
