//! The scenes in MariaDB with the statements for MySQL 8, which it takes as well.

#[path = "scenes/commit.rs"]
mod commit;
#[path = "scenes/concurrent_functions.rs"]
mod concurrent_functions;
#[path = "scenes/duplicates.rs"]
mod duplicates;
#[path = "scenes/fenced.rs"]
mod fenced;
#[path = "scenes/functions.rs"]
mod functions;
#[path = "scenes/lost_commits.rs"]
mod lost_commits;
#[path = "scenes/overtaken.rs"]
mod overtaken;
#[path = "scenes/service.rs"]
mod service;

use super::mysql;
pub(crate) use super::mysql::{Store, TOLD_ELSEWHERE, Tx, effect, mistake, unkept_promise};

/// A database with a table of effects and one of records.
pub(crate) struct Base(mysql::Base);

impl Base {
    pub(crate) async fn new() -> Self {
        Self(mysql::Base::new().await)
    }

    pub(crate) fn store(&self, connections: u32) -> Store {
        self.0.store(connections).without_returning()
    }

    pub(crate) fn store_at(&self, port: u16, connections: u32) -> Store {
        self.0.store_at(port, connections).without_returning()
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.port()
    }

    pub(crate) async fn effects(&self, key: &str) -> i64 {
        self.0.effects(key).await
    }

    pub(crate) async fn records(&self) -> i64 {
        self.0.records().await
    }
}
