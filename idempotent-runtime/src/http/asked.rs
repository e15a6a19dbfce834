//! What a request asks of an operation: its key and its fingerprint, read
//! before the body is claimed or run.

use axum::extract::Request;
use axum::response::Response;

use super::{fingerprint, key, problem};
use crate::arguments::Arguments;
use crate::attempt::Attempt;
use crate::engine::Call;
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::idempotency::Idempotency;
use crate::key::{Key, KeyError};
use crate::operations;
use crate::policy::{FingerprintKind, KeySource, Spec};

/// What the request asked.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) idempotency: Idempotency,
    key: Option<Key>,
    attempt: Option<Attempt>,
    fingerprint: Fingerprint,
}

/// The request, and what it asks; nothing where it has no key and need not
/// have one.
pub(super) async fn read(
    request: Request,
    idempotency: Idempotency,
    spec: &Spec,
) -> Result<(Request, Option<Asked>), Response> {
    let refuse = |error| problem::of(&error, &idempotency.engine.settings);
    operations::check(spec).map_err(refuse)?;
    let key = match spec.key {
        KeySource::Expression => None,
        KeySource::Header(name) | KeySource::OptionalHeader(name) => {
            key::read(request.headers(), name).map_err(refuse)?
        }
    };
    match (spec.key, &key) {
        (KeySource::OptionalHeader(_), None) => return Ok((request, None)),
        (KeySource::Header(header), None) => return Err(refuse(Error::KeyMissing { header })),
        _ => {}
    }
    // A layer round the router may have begun one, for another record.
    let attempt = request.extensions().get::<Attempt>();
    let attempt = attempt.filter(|it| !it.is_protected()).cloned();
    let (request, fingerprint) = match spec.fingerprint {
        FingerprintKind::Request => fingerprint::digested(request).await?,
        _ => (request, Fingerprint::none()),
    };
    let asked = Asked {
        idempotency,
        key,
        attempt,
        fingerprint,
    };
    Ok((request, Some(asked)))
}

impl Asked {
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
        if let Some(attempt) = self.attempt {
            attempt.keep_key(key);
            call.attempt = attempt;
        }
        Ok(call)
    }
}
