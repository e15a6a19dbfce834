//! Where a running service keeps its keys, and with them its payments: one
//! choice for both, so that they share a database.

mod none;

use std::str::FromStr;
use std::sync::Arc;

use idempotent_runtime::{Idempotency, IdempotencyBuilder, MemoryStore};

pub use self::none::NoStore;
use super::flags::Flags;
use super::ledger::{Ledger, MemoryLedger};
use super::service::StartError;

/// What `--store` says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreChoice {
    /// In this process.
    Memory,
    /// Nowhere: every request is claimed, and runs.
    None,
}

/// How the stores that are features are written, by their feature.
const FEATURES: [(&str, &str); 6] = [
    ("sqlite:", "sqlite"),
    ("postgres://", "postgres"),
    ("postgresql://", "postgres"),
    ("mysql://", "mysql"),
    ("redis://", "redis"),
    ("redis-cluster://", "redis-cluster"),
];

impl FromStr for StoreChoice {
    type Err = StoreRefused;

    fn from_str(text: &str) -> Result<Self, StoreRefused> {
        match text {
            "memory" => return Ok(Self::Memory),
            "none" => return Ok(Self::None),
            _ => {}
        }
        let feature = FEATURES.iter().find(|(prefix, _)| text.starts_with(prefix));
        Err(match feature {
            Some((_, feature)) => StoreRefused::NotBuilt { feature },
            None => StoreRefused::Unknown,
        })
    }
}

/// Opens the chosen store, and the ledger beside it.
#[allow(clippy::unused_async)] // databases are waited for
pub(super) async fn open(
    flags: &Flags,
) -> Result<(IdempotencyBuilder, Arc<dyn Ledger>), StartError> {
    let ledger = Arc::new(MemoryLedger::default());
    Ok(match flags.store {
        StoreChoice::Memory => {
            let mut store = MemoryStore::builder();
            if let Some(records) = flags.max_records {
                store = store.max_records(records);
            }
            (Idempotency::builder(store.build()), ledger)
        }
        StoreChoice::None => (Idempotency::builder(NoStore::default()), ledger),
    })
}

/// Why a store cannot be had. The text that was given is not repeated: it may
/// hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StoreRefused {
    /// It is a feature, and off.
    #[error(
        "this build has no {feature} store; build with it: \
         cargo run --features {feature} --example payments"
    )]
    NotBuilt {
        /// The Cargo feature.
        feature: &'static str,
    },
    /// There is no such store.
    #[error(
        "--store is memory, none, sqlite:FILE, postgres://…, mysql://…, redis://… \
         or redis-cluster://…"
    )]
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_of_another_build_is_refused_by_its_feature() {
        for (prefix, feature) in FEATURES {
            let refused = format!("{prefix}user:secret@host/db").parse::<StoreChoice>();
            assert_eq!(refused, Err(StoreRefused::NotBuilt { feature }));
            let text = StoreRefused::NotBuilt { feature }.to_string();
            assert!(text.contains(&format!("--features {feature} ")), "{text}");
        }
        assert_eq!(
            "oracle://".parse::<StoreChoice>(),
            Err(StoreRefused::Unknown)
        );
    }
}
