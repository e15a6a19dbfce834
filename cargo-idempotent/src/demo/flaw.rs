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
}

/// The broken twin of the demo: a race, no fingerprint, no scope, a PUT that counts.
pub(crate) const TWIN: &[Flaw] = &[
    Flaw::Race,
    Flaw::NoFingerprint,
    Flaw::NoScope,
    Flaw::PutCounts,
];

/// Every flaw, and the scenario that has to find it.
pub(crate) const FLAWS: &[(Flaw, &str)] = &[
    (Flaw::Race, "concurrent"),
    (Flaw::RaceBeforeBody, "concurrent"),
    (Flaw::RaceDelayed, "concurrent"),
    (Flaw::EndGap, "concurrent"),
    (Flaw::NoKeys, "sequential"),
    (Flaw::EffectFirst, "sequential"),
    (Flaw::NoFingerprint, "other-payload"),
    (Flaw::MismatchRuns, "other-payload"),
    (Flaw::NoScope, "other-principal"),
    (Flaw::ByContent, "other-key"),
    (Flaw::FreedOnDisconnect, "abort"),
    (Flaw::LockForEver, "abort"),
    (Flaw::ErrorForEver, "error-retry"),
    (Flaw::ErrorsForgotten, "error-retry"),
    (Flaw::KeyOptional, "missing-key"),
    (Flaw::EmptyKey, "malformed-key"),
    (Flaw::FirstKey, "doubled-key"),
    (Flaw::KeyCut, "long-key"),
    (Flaw::HeaderLost, "fidelity"),
    (Flaw::ReplayOk, "sequential"),
    (Flaw::NoMark, "sequential"),
    (Flaw::CookieReplayed, "fidelity"),
    (Flaw::ConflictFails, "concurrent"),
    (Flaw::OneLock, "mixed"),
    (Flaw::KeysPerInstance, "instances"),
    (Flaw::PutCounts, "twice"),
];
