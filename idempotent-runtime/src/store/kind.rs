//! What kind of store it is, for the labels of metrics.

/// What a store keeps its records in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreKind {
    /// This process's memory: its verbs are not timed.
    Memory,
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL or MariaDB.
    Mysql,
    /// Redis or Valkey, cluster or not.
    Redis,
    /// Anything else.
    Other,
}

impl StoreKind {
    /// The value of the label `store`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::Redis => "redis",
            Self::Other => "other",
        }
    }
}
