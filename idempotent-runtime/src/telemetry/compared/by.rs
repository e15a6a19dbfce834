//! What a call is compared by.

use crate::key::Key;
use crate::policy::{FingerprintKind, KeySource, Spec};
use crate::record::ScopeDigest;
use crate::scope::Scope;
use crate::telemetry::labels::Detector;
use crate::telemetry::recent::{Recent, Tag};

/// What a call is compared by; nothing of it leaves the process.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Compared {
    /// Whether its fingerprint tells requests apart, and its key is a client's.
    pub(super) suspects: bool,
    /// Of its operation and key, where two scopes cannot have one by chance.
    pub(super) key: Option<Tag>,
    pub(super) scope: u32,
}

/// A shorter key may be somebody else's by chance.
const LONG: usize = 16;

impl Compared {
    pub(crate) fn new(recent: Option<&Recent>, spec: &Spec, scope: &Scope, key: &Key) -> Self {
        let Some(recent) = recent else {
            return Self::default();
        };
        let of_client = !matches!(spec.key, KeySource::Expression);
        let unlikely = of_client && key.as_str().len() >= LONG && *scope != Scope::public();
        let digest = ScopeDigest::of(scope);
        let [a, b, c, d, ..] = *digest.as_bytes();
        Self {
            suspects: of_client && spec.fingerprint != FingerprintKind::None,
            key: unlikely.then(|| recent.tag(Detector::CrossScope, (spec.name, key.as_str()))),
            scope: u32::from_le_bytes([a, b, c, d]),
        }
    }
}
