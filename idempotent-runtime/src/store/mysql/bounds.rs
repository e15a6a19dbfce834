//! How long a transaction of the runtime's may be silent, and its statements may
//! take: settings of the session, which go back to what they were when it ends,
//! as the connection is the pool's and others use it.
//!
//! They are set together with BEGIN and restored together with COMMIT, in the
//! same round trip. BEGIN does not know whose lease will count, so that all have
//! the longest one that was seen.

use std::sync::atomic::{AtomicU64, Ordering};

use super::dialect::Dialect;
use crate::lease::Lease;

/// The longest lease so far, in seconds; 0 before the first one.
#[derive(Default)]
pub(super) struct Bounds(AtomicU64);

impl Bounds {
    /// The statements that open a transaction with its bounds, and set the
    /// savepoint before its body.
    pub(super) fn begin(&self, dialect: Dialect) -> String {
        let mut sql = match self.0.load(Ordering::Relaxed) {
            0 => String::new(),
            seconds => set(dialect, seconds),
        };
        sql.push_str("BEGIN; SAVEPOINT idempotent_body");
        sql
    }

    /// What a claim has to send because its lease is longer than all before.
    pub(super) fn raise(&self, dialect: Dialect, lease: Lease) -> Option<String> {
        let seconds = lease.duration().as_millis().div_ceil(1000);
        let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
        let before = self.0.fetch_max(seconds, Ordering::Relaxed);
        (before < seconds).then(|| set(dialect, seconds))
    }

    /// The statements that end a transaction; the bounds go first, so that they go
    /// whatever becomes of `end`.
    pub(super) fn end(&self, dialect: Dialect, end: &str) -> String {
        if self.0.load(Ordering::Relaxed) == 0 {
            return end.to_owned();
        }
        // Both are read before either is set.
        let restored = variables(dialect).map(|(name, kept, kind)| {
            let was = format!("CAST(IFNULL({kept}, @@SESSION.{name}) AS {kind})");
            format!("SESSION {name} = {was}, {kept} = NULL")
        });
        format!("SET {}; {end}", restored.join(", "))
    }
}

/// Stricter settings stay. What was is kept until it is restored, also where an
/// attempt was dropped before it could be.
fn set(dialect: Dialect, seconds: u64) -> String {
    let variables = variables(dialect);
    let keep = variables.map(|(name, kept, kind)| {
        format!("{kept} = CAST(IFNULL({kept}, @@SESSION.{name}) AS {kind})")
    });
    let bound = variables.map(|(name, kept, kind)| {
        let stricter = format!("{kept} > 0 AND {kept} < {seconds}");
        format!("SESSION {name} = CAST(IF({stricter}, {kept}, {seconds}) AS {kind})")
    });
    format!("SET {}; SET {}; ", keep.join(", "), bound.join(", "))
}

/// The settings in seconds, where what was is kept meanwhile, and their type.
fn variables(dialect: Dialect) -> [(&'static str, &'static str, &'static str); 2] {
    let (idle, statement) = ("@idempotent_idle", "@idempotent_statement");
    match dialect {
        Dialect::MariaDb => [
            ("idle_transaction_timeout", idle, "UNSIGNED"),
            ("max_statement_time", statement, "DECIMAL(20, 6)"),
        ],
        // It bounds statements that read, by a hint or a setting in
        // milliseconds, and any statement's waiting for another's row.
        Dialect::MySql => [
            ("wait_timeout", idle, "UNSIGNED"),
            ("innodb_lock_wait_timeout", statement, "UNSIGNED"),
        ],
    }
}
