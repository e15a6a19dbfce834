//! What an operation's attribute decided, as data that is known at compile
//! time.

mod statuses;

use std::fmt;
use std::time::Duration;

/// An operation: its name, its place in the source, and its knobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spec {
    /// Separates its keys from every other operation's.
    pub name: &'static str,
    /// Where the attribute stands.
    pub location: Location,
    /// What was annotated.
    pub mode: Mode,
    /// Where the key comes from.
    pub key: KeySource,
    /// Whether a scope separates the callers.
    pub scope: ScopeKind,
    /// What must be equal between retries.
    pub fingerprint: FingerprintKind,
    /// For how long an answer is replayed; the default's where `None`.
    pub ttl: Option<Duration>,
    /// For how long a claim holds without a sign of life.
    pub lease: Option<Duration>,
    /// What a duplicate does while the first runs.
    pub on_conflict: OnConflict,
    /// What a retry does after an attempt that died unfinished.
    pub on_interrupt: OnInterrupt,
    /// Which answers are final.
    pub persist: PersistRule,
    /// Whether a transaction carries the record.
    pub transaction: TransactionRule,
    /// Refuse time-bearing keys older than this.
    pub max_key_age: Option<Duration>,
    /// The share of replays, in millionths, behind which the body **runs
    /// again, with all its effects**, to see whether it answers the same.
    pub rerun_safe_sample: Option<u32>,
}

/// A place in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Location {
    /// The file, as the compiler names it.
    pub file: &'static str,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// What an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// An axum handler.
    Handler,
    /// A plain async function.
    Function,
    /// A route behind the tower layer.
    Layer,
}

/// Where a key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeySource {
    /// A request header that must be there.
    Header(&'static str),
    /// A request header; without it a request runs unprotected.
    OptionalHeader(&'static str),
    /// An expression over the arguments.
    Expression,
}

/// Whose keys they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScopeKind {
    /// Everybody's, in one space.
    Public,
    /// Of a value taken from the arguments.
    Expression,
}

/// What a fingerprint covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FingerprintKind {
    /// Method, original path and query, and body.
    Request,
    /// A declared value.
    Expression,
    /// Nothing.
    None,
}

/// What a duplicate does while the first call runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnConflict {
    /// It gets an error at once.
    Reject,
    /// It waits at most this long for the first one's answer.
    Wait(Duration),
}

/// What a retry does after an attempt that died unfinished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnInterrupt {
    /// It runs again.
    Rerun,
    /// It is refused until the ttl ends: the outcome is unknown.
    Reject,
    /// The operation's own function finds out what happened.
    Recover,
}

/// Whether a transaction carries the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransactionRule {
    /// The record has commits of its own.
    None,
    /// Claim, effect and answer are one transaction.
    Inside,
    /// The claim is committed first; effect and answer are one transaction that
    /// commits only while the claim holds.
    ClaimBefore,
}

/// Which answers are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PersistRule {
    /// Handlers: 2xx, 3xx and 4xx but 401, 408, 409, 423, 425, 429.
    /// Functions: `Ok`.
    Default,
    /// 2xx and 3xx; `Ok`.
    Success,
    /// Every answer.
    All,
    /// A classifier function decides.
    Custom,
}

/// Whether an answer is final. As a response extension it decides in a
/// single case; a classifier (`persist = path`) returns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persist {
    /// Stored, and replayed to every retry.
    Yes,
    /// Not stored: the key is released, and a retry runs again.
    No,
}

/// The header that carries the key where nothing is said.
pub(crate) const DEFAULT_HEADER: &str = "idempotency-key";

impl Spec {
    /// A handler's defaults.
    pub const fn handler(name: &'static str, file: &'static str, line: u32, column: u32) -> Self {
        Self {
            name,
            location: Location { file, line, column },
            mode: Mode::Handler,
            key: KeySource::Header(DEFAULT_HEADER),
            scope: ScopeKind::Public,
            fingerprint: FingerprintKind::Request,
            ttl: None,
            lease: None,
            on_conflict: OnConflict::Reject,
            on_interrupt: OnInterrupt::Rerun,
            persist: PersistRule::Default,
            transaction: TransactionRule::None,
            max_key_age: None,
            rerun_safe_sample: None,
        }
    }

    /// A function's defaults.
    pub const fn function(name: &'static str, file: &'static str, line: u32, column: u32) -> Self {
        let mut spec = Self::handler(name, file, line, column);
        spec.mode = Mode::Function;
        spec.key = KeySource::Expression;
        spec.fingerprint = FingerprintKind::None;
        spec
    }
}

/// Builders, for the attribute's expansion: each sets the field of its name.
macro_rules! knobs {
    ($($knob:ident($($value:ident: $type:ty)?) => $field:ident = $to:expr;)*) => {
        #[allow(missing_docs)]
        impl Spec {$(
            #[doc(hidden)]
            pub const fn $knob(mut self $(, $value: $type)?) -> Self {
                self.$field = $to;
                self
            }
        )*}
    };
}
knobs! {
    header(name: &'static str) => key = KeySource::Header(name);
    key_expression() => key = KeySource::Expression;
    scope_expression() => scope = ScopeKind::Expression;
    fingerprint_expression() => fingerprint = FingerprintKind::Expression;
    fingerprint_none() => fingerprint = FingerprintKind::None;
    ttl(duration: Duration) => ttl = Some(duration);
    lease(duration: Duration) => lease = Some(duration);
    wait(at_most: Duration) => on_conflict = OnConflict::Wait(at_most);
    max_key_age(age: Duration) => max_key_age = Some(age);
    rerun_safe_sample(millionths: u32) => rerun_safe_sample = Some(millionths);
    reject_interrupted() => on_interrupt = OnInterrupt::Reject;
    recover_interrupted() => on_interrupt = OnInterrupt::Recover;
    transaction() => transaction = TransactionRule::Inside;
    claim_before() => transaction = TransactionRule::ClaimBefore;
    persist_success() => persist = PersistRule::Success;
    persist_all() => persist = PersistRule::All;
    persist_custom() => persist = PersistRule::Custom;
}

impl Spec {
    #[doc(hidden)]
    #[must_use]
    pub const fn optional(mut self) -> Self {
        if let KeySource::Header(name) = self.key {
            self.key = KeySource::OptionalHeader(name);
        }
        self
    }
}
