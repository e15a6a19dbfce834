//! What a service promises its clients, as the IETF draft on the
//! `Idempotency-Key` header asks of it: read off the operations, so that what
//! is published cannot differ from what is done.

#[cfg(feature = "utoipa")]
mod openapi;
mod words;

use std::time::Duration;

use crate::idempotency::Idempotency;
use crate::lease::Ttl;
use crate::operations;
use crate::policy::{KeySource, Mode, OnConflict, Spec};

/// Every operation of this binary, called or not, by name.
///
/// Where an operation says no `ttl`, the default of 24 hours stands here;
/// [`Idempotency::spec`] knows that of your service. Routes behind the tower
/// layer are not listed, as they are made at run time.
///
/// ```standalone_crate
/// use axum::Json;
/// use idempotent_runtime::idempotent;
///
/// #[idempotent(scope = public, ttl = "48h")]
/// async fn pay(Json(amount): Json<u64>) -> Json<u64> {
///     Json(amount)
/// }
///
/// let contract = idempotent_runtime::spec();
/// let pay = &contract.operations()[0];
/// assert!(pay.name().ends_with("::pay"));
/// assert_eq!(pay.header(), Some("idempotency-key"));
/// assert!(pay.is_required());
/// assert_eq!(pay.ttl(), std::time::Duration::from_secs(48 * 3600));
/// println!("{contract}");
/// ```
pub fn spec() -> Contract {
    Contract::of(Ttl::DEFAULT)
}

impl Idempotency {
    /// Every operation of this binary, with this service's `ttl` where an
    /// operation says none: see [`spec`].
    pub fn spec(&self) -> Contract {
        Contract::of(self.engine.settings.ttl)
    }
}

/// What every operation of a binary promises; displayed for people, serialized
/// for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    operations: Vec<OperationContract>,
}

impl Contract {
    fn of(ttl: Ttl) -> Self {
        let specs = operations::all().into_iter();
        let operations = specs.map(|spec| OperationContract {
            spec: *spec,
            ttl: spec.ttl.unwrap_or(ttl.duration()),
        });
        Self {
            operations: operations.collect(),
        }
    }

    /// The operations, by name.
    pub fn operations(&self) -> &[OperationContract] {
        &self.operations
    }

    /// The operation of that name.
    pub fn operation(&self, name: &str) -> Option<&OperationContract> {
        self.operations.iter().find(|it| it.name() == name)
    }
}

/// What one operation promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationContract {
    spec: Spec,
    ttl: Duration,
}

impl OperationContract {
    /// Its name, which separates its keys from every other operation's.
    pub fn name(&self) -> &'static str {
        self.spec.name
    }

    /// Whether it is a handler or a function.
    pub fn mode(&self) -> Mode {
        self.spec.mode
    }

    /// The header with the key, in lower case; `None` where the key comes from
    /// the arguments.
    pub fn header(&self) -> Option<&'static str> {
        match self.spec.key {
            KeySource::Header(name) | KeySource::OptionalHeader(name) => Some(name),
            KeySource::Expression => None,
        }
    }

    /// Whether a call without a key is refused; one that is not runs
    /// unprotected.
    pub fn is_required(&self) -> bool {
        !matches!(self.spec.key, KeySource::OptionalHeader(_))
    }

    /// For how long an answer is replayed.
    pub fn ttl(&self) -> Duration {
        self.ttl
    }

    /// Which answers are final, in words: stored, and given to every retry.
    pub fn final_answers(&self) -> &'static str {
        self.spec.final_answers()
    }

    /// Whether a handler's response of this status is final; `None` where a
    /// classifier decides, and of functions.
    pub fn is_final(&self, status: u16) -> Option<bool> {
        match self.spec.mode {
            Mode::Function => None,
            Mode::Handler | Mode::Layer => self.spec.is_final(status),
        }
    }

    /// For how long a duplicate waits for the first call; `None` where it gets
    /// an error at once.
    pub fn waits(&self) -> Option<Duration> {
        match self.spec.on_conflict {
            OnConflict::Wait(at_most) => Some(at_most),
            OnConflict::Reject => None,
        }
    }

    /// Everything that its attribute decided: scope, fingerprint and the rest.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }
}
