//! The kinds of server: what each is called, and where its URL is handed on.

use super::{Result, mariadb, postgres, redis};

/// A kind of server, named as the Cargo feature of the store that it tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// PostgreSQL.
    Postgres,
    /// MariaDB, which stands for MySQL too.
    MariaDb,
    /// One Redis node.
    Redis,
    /// A Redis Cluster of three primaries with a replica each.
    RedisCluster,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::Postgres,
        Self::MariaDb,
        Self::Redis,
        Self::RedisCluster,
    ];

    /// The name on command lines and of the Cargo feature.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::MariaDb => "mysql",
            Self::Redis => "redis",
            Self::RedisCluster => "redis-cluster",
        }
    }

    /// The environment variable that carries its URL to tests. For the cluster
    /// that is one URL for each node, separated by commas.
    pub const fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "IDEMPOTENT_TEST_POSTGRES",
            Self::MariaDb => "IDEMPOTENT_TEST_MYSQL",
            Self::Redis => "IDEMPOTENT_TEST_REDIS",
            Self::RedisCluster => "IDEMPOTENT_TEST_REDIS_CLUSTER",
        }
    }

    /// The Debian package that brings it.
    pub const fn package(self) -> &'static str {
        match self {
            Self::Postgres => "postgresql",
            Self::MariaDb => "mariadb-server",
            Self::Redis | Self::RedisCluster => "redis-server",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Looks whether its programs are installed.
    ///
    /// # Errors
    /// [`Error::Missing`](super::Error::Missing) names the first that is not.
    pub fn look(self) -> Result<()> {
        match self {
            Self::Postgres => postgres::look(),
            Self::MariaDb => mariadb::look(),
            Self::Redis | Self::RedisCluster => redis::look(),
        }
    }
}
