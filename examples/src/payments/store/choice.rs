//! What `--store` says.

use std::str::FromStr;

#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "redis"
))]
use crate::payments::Url;

/// A store that this build has.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreChoice {
    /// In this process.
    Memory,
    /// Nowhere: every request is claimed, and runs.
    None,
    /// In a SQLite file.
    #[cfg(feature = "sqlite")]
    Sqlite(Url),
    /// In a PostgreSQL database.
    #[cfg(feature = "postgres")]
    Postgres(Url),
    /// In a MySQL or MariaDB database.
    #[cfg(feature = "mysql")]
    MySql(Url),
    /// In a Redis or Valkey server.
    #[cfg(feature = "redis")]
    Redis(Url),
    /// In a Redis or Valkey Cluster.
    #[cfg(feature = "redis-cluster")]
    RedisCluster(Url),
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
        let (_, feature) = feature.ok_or(StoreRefused::Unknown)?;
        match *feature {
            #[cfg(feature = "sqlite")]
            "sqlite" => Ok(Self::Sqlite(Url::new(text))),
            #[cfg(feature = "postgres")]
            "postgres" => Ok(Self::Postgres(Url::new(text))),
            #[cfg(feature = "mysql")]
            "mysql" => Ok(Self::MySql(Url::new(text))),
            #[cfg(feature = "redis")]
            "redis" => Ok(Self::Redis(Url::new(text))),
            #[cfg(feature = "redis-cluster")]
            "redis-cluster" => Ok(Self::RedisCluster(Url::new(text))),
            feature => Err(StoreRefused::NotBuilt { feature }),
        }
    }
}

impl StoreChoice {
    /// Whether a transaction of it can carry a record and the payments.
    pub(in crate::payments) fn has_transactions(&self) -> bool {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => true,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => true,
            #[cfg(feature = "mysql")]
            Self::MySql(_) => true,
            _ => false,
        }
    }

    /// Whether its expired records are there until somebody deletes them.
    pub(in crate::payments) fn is_swept(&self) -> bool {
        match self {
            Self::Memory | Self::None => false,
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => true,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => true,
            #[cfg(feature = "mysql")]
            Self::MySql(_) => true,
            // Redis ends its keys itself.
            #[cfg(feature = "redis")]
            Self::Redis(_) => false,
            #[cfg(feature = "redis-cluster")]
            Self::RedisCluster(_) => false,
        }
    }
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
            let built = match feature {
                "sqlite" => cfg!(feature = "sqlite"),
                "postgres" => cfg!(feature = "postgres"),
                "mysql" => cfg!(feature = "mysql"),
                "redis" => cfg!(feature = "redis"),
                "redis-cluster" => cfg!(feature = "redis-cluster"),
                unknown => panic!("no such feature: {unknown}"),
            };
            let parsed = format!("{prefix}user:secret@host/db").parse::<StoreChoice>();
            let Err(refused) = parsed else {
                assert!(built, "{prefix} was taken without its feature");
                continue;
            };
            assert!(!built, "{prefix} was refused with its feature");
            assert_eq!(refused, StoreRefused::NotBuilt { feature });
            let text = refused.to_string();
            assert!(text.contains(&format!("--features {feature} ")), "{text}");
        }
        assert_eq!(
            "oracle://".parse::<StoreChoice>(),
            Err(StoreRefused::Unknown)
        );
    }
}
