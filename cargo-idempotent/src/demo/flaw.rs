//! The ways in which a twin of the service can be wrong, one at a time.

use clap::ValueEnum;

/// One flaw; everything else of its service is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Flaw {
    /// Look-up and claim are two steps, 200 µs apart
    Race,
    /// The same, with the look-up before the body is read
    RaceBeforeBody,
    /// The same as the first, each request first delayed at random by 0 to 2 ms
    RaceDelayed,
    /// The lock is freed 200 µs before the answer is stored
    EndGap,
    /// The key is ignored
    NoKeys,
    /// The effect happens before the key is looked up
    EffectFirst,
    /// No fingerprint: another payload gets the first answer
    NoFingerprint,
    /// Another payload under the key runs
    MismatchRuns,
    /// Whose key it is does not matter
    NoScope,
    /// Records are found by the payload
    ByContent,
    /// The key is freed when the client goes away
    FreedOnDisconnect,
    /// The lock of a client that went away is never freed
    LockForEver,
    /// A 500 is stored and replayed
    ErrorForEver,
    /// Final errors are not stored
    ErrorsForgotten,
    /// A request without a key runs
    KeyOptional,
    /// An empty key is a key
    EmptyKey,
    /// Of two keys the first counts
    FirstKey,
    /// Keys are cut to 255 bytes
    KeyCut,
    /// A replay has lost its Location
    HeaderLost,
    /// A replay answers 200 where the first answered 201
    ReplayOk,
    /// A replay is not marked
    NoMark,
    /// The first client's cookie is replayed
    CookieReplayed,
    /// A duplicate in flight gets 500
    ConflictFails,
    /// One lock for all keys
    OneLock,
    /// Each instance keeps keys of its own
    KeysPerInstance,
    /// After a restart the keys are forgotten
    LostOnRestart,
    /// PUT counts instead of setting
    PutCounts,
    /// A key that is done gets 409 for ever
    NoReplay,
    /// Another payload is refused, and the key is forgotten
    MismatchBurns,
    /// The refusal of another payload tells the first answer
    LeakInError,
    /// The body of a replay is made anew
    BodyRemade,
    /// Another caller's run under the same key gets the first caller's cookie
    CookieToAnother,
    /// Keys belong to the route's template: another path gets the first answer
    KeyPerTemplate,
    /// The answer is stored before what it tells is committed
    StoredFirst,
    /// The lock of a process that died is never freed
    LockOutlives,
    /// The lease is shorter than the work, and nothing renews it
    LeaseShort,
    /// Answers are forgotten before their ttl has ended
    TtlShort,
    /// Answers are never forgotten, although a ttl is declared
    TtlEndless,
    /// No flaw: a duplicate waits for the first one's answer
    Waits,
    /// No flaw: each answer, replays too, sets a cookie that is the same for all
    SameCookie,
    /// No flaw: a claim ends with its lease, and who lost it commits nothing
    LeaseEnds,
    /// No flaw: an answer is forgotten after its ttl
    Forgets,
}

/// The broken twin of the demo: a race, no fingerprint, no scope, a PUT that counts.
pub(crate) const TWIN: &[Flaw] = &[
    Flaw::Race,
    Flaw::NoFingerprint,
    Flaw::NoScope,
    Flaw::PutCounts,
];

/// Every flaw, and the endpoint and scenario that have to find it.
pub(crate) const FLAWS: &[(Flaw, &str)] = &[
    (Flaw::Race, "payments/concurrent"),
    (Flaw::RaceBeforeBody, "payments/concurrent"),
    (Flaw::RaceDelayed, "payments/concurrent"),
    (Flaw::EndGap, "payments/concurrent"),
    (Flaw::RaceBeforeBody, "payments/slow"),
    (Flaw::LeaseShort, "payments/concurrent"),
    (Flaw::TtlShort, "payments/ttl"),
    (Flaw::TtlEndless, "payments/ttl"),
    (Flaw::NoKeys, "payments/sequential"),
    (Flaw::EffectFirst, "payments/sequential"),
    (Flaw::NoReplay, "payments/sequential"),
    (Flaw::NoFingerprint, "payments/other-payload"),
    (Flaw::MismatchRuns, "payments/other-payload"),
    (Flaw::MismatchBurns, "payments/other-payload"),
    (Flaw::LeakInError, "payments/other-payload"),
    (Flaw::NoScope, "payments/other-principal"),
    (Flaw::CookieToAnother, "payments/other-principal"),
    (Flaw::KeyPerTemplate, "payments-refunds/other-path"),
    (Flaw::ByContent, "payments/other-key"),
    (Flaw::FreedOnDisconnect, "payments/abort"),
    (Flaw::LockForEver, "payments/abort"),
    (Flaw::ErrorForEver, "payments/error-retry"),
    (Flaw::ErrorsForgotten, "payments/error-retry"),
    (Flaw::KeyOptional, "payments/missing-key"),
    (Flaw::EmptyKey, "payments/malformed-key"),
    (Flaw::FirstKey, "payments/doubled-key"),
    (Flaw::KeyCut, "payments/long-key"),
    (Flaw::HeaderLost, "payments/fidelity"),
    (Flaw::BodyRemade, "payments/fidelity"),
    (Flaw::CookieReplayed, "payments/fidelity"),
    (Flaw::ReplayOk, "payments/sequential"),
    (Flaw::NoMark, "payments/sequential"),
    (Flaw::ConflictFails, "payments/concurrent"),
    (Flaw::OneLock, "payments/mixed"),
    (Flaw::KeysPerInstance, "payments/instances"),
    (Flaw::LostOnRestart, "payments/restart"),
    (Flaw::StoredFirst, "payments/kill"),
    (Flaw::LockOutlives, "payments/kill"),
    (Flaw::PutCounts, "put-settings-limit/twice"),
];

/// Services that are right, each in its own way.
pub(crate) const RIGHT: &[Option<Flaw>] = &[
    None,
    Some(Flaw::Waits),
    Some(Flaw::SameCookie),
    Some(Flaw::LeaseEnds),
    Some(Flaw::Forgets),
];
