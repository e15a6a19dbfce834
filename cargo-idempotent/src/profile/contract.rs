//! What each profile promises, as numbers, and by which clause.

use super::Profile;

/// A profile's expectations; `None` where it is silent.
#[derive(Clone, Debug)]
pub(crate) struct Contract {
    /// A request without a key.
    pub missing: Option<u16>,
    /// A malformed, doubled or over-long key.
    pub malformed: Option<u16>,
    pub too_long: Option<u16>,
    /// A duplicate while the first runs; a wait and a replay are always right.
    pub in_flight: &'static [u16],
    /// The key with another payload.
    pub other_payload: Option<u16>,
    /// The header that marks a replay.
    pub replay_mark: Option<(&'static str, &'static str)>,
    /// Whether a 5xx answer is final (replayed) or frees the key.
    pub server_error_final: Option<bool>,
}

impl Contract {
    pub(crate) fn of(profile: Profile) -> Self {
        match profile {
            Profile::Ietf => Self {
                missing: Some(400),
                malformed: None,
                too_long: None,
                in_flight: &[409],
                other_payload: Some(422),
                replay_mark: None,
                server_error_final: None,
            },
            Profile::Stripe => Self {
                missing: None,
                malformed: None,
                too_long: Some(400),
                in_flight: &[409],
                other_payload: Some(400),
                replay_mark: Some(("Idempotent-Replayed", "true")),
                server_error_final: Some(true),
            },
            Profile::Default => Self {
                missing: Some(400),
                malformed: Some(400),
                too_long: Some(400),
                in_flight: &[409],
                other_payload: Some(422),
                replay_mark: Some(("Idempotent-Replayed", "true")),
                server_error_final: Some(false),
            },
            Profile::Natural => Self {
                missing: None,
                malformed: None,
                too_long: None,
                in_flight: &[409],
                other_payload: None,
                replay_mark: None,
                server_error_final: Some(false),
            },
        }
    }
}

#[cfg(feature = "cli")]
/// The clause that a scenario is judged by.
pub(crate) fn clause(profile: Profile, scenario: &str) -> &'static str {
    match (profile, scenario) {
        (Profile::Ietf, "sequential" | "fidelity" | "error-retry") => {
            "draft-07 §2.6: a retry after completion gets the result of the first, success or error"
        }
        (Profile::Ietf, "concurrent" | "abort") => {
            "draft-07 §2.6: a duplicate before completion gets a conflict (409)"
        }
        (Profile::Ietf, "missing-key") => "draft-07 §2.7: a required key that is missing gets 400",
        (Profile::Ietf, "other-payload") => "draft-07 §2.7: a reused key gets 422",
        (Profile::Ietf, "ttl") => {
            "draft-07 §2.3: keys expire by the policy that the service publishes, here the plan's `ttl`"
        }
        (Profile::Stripe, "ttl") => "Stripe: keys are kept for a time, here the plan's `ttl`",
        (Profile::Ietf | Profile::Stripe, "lease") => "the plan's `lease`",
        (Profile::Default, "ttl") => {
            "idempotent-runtime: an answer is replayed for its ttl, and forgotten after it"
        }
        (Profile::Default, "lease") => {
            "idempotent-runtime: a claim without a sign of life ends with its lease"
        }
        (Profile::Stripe, "missing-key") => "Stripe: a request without a key runs unprotected",
        (Profile::Stripe, "other-payload") => "Stripe: other parameters under a key are an error",
        (Profile::Stripe, "error-retry") => "Stripe: the first result is kept, 500 included",
        (Profile::Stripe, "long-key") => "Stripe: keys have at most 255 characters",
        (Profile::Stripe, _) => "Stripe: one key, one result, marked Idempotent-Replayed",
        (Profile::Default, "missing-key" | "malformed-key" | "doubled-key" | "long-key") => {
            "idempotent-runtime: no run without one well-formed key of 1 to 255 bytes (400)"
        }
        (Profile::Default, "other-payload") => {
            "idempotent-runtime, invariant 11: another fingerprint gets 422 and nothing of the answer"
        }
        (Profile::Default, "other-principal") => {
            "idempotent-runtime, invariant 11: another scope never gets a record"
        }
        (Profile::Default, "error-retry") => {
            "idempotent-runtime: final answers are replayed, a 5xx frees the key"
        }
        (Profile::Default, "concurrent" | "abort") => {
            "idempotent-runtime, invariant 1: one runner; a duplicate waits or gets 409"
        }
        (Profile::Default, _) => "idempotent-runtime: one run per key, and its answer for all",
        (Profile::Natural, _) => "RFC 9110 §9.2.2: repeating the method leaves the same state",
        (Profile::Ietf, _) => "draft-07 §2: the key makes the request idempotent",
    }
}
