//! The ledger in a SQLite file.

use sqlx::{Row, Sqlite};

use super::patience::patiently;
use super::sql::{Statements, sql_ledger, unreadable};
use super::{Books, Effects, Ledger, LedgerError, LedgerFuture, Refunded};
use crate::payments::payment::Payment;

sql_ledger! {
    /// Payments and effects in a SQLite file. One write at a time: SQLite lets
    /// others wait by sleeping, and they would starve one another.
    SqliteLedger over Sqlite, 1
}

const SQL: Statements = Statements {
    // At once with the right to write, which a reader cannot gain later.
    begin: "BEGIN IMMEDIATE",
    lock: None,
    tables: &[
        "CREATE TABLE IF NOT EXISTS payments (
            number INTEGER PRIMARY KEY,
            account TEXT NOT NULL,
            id TEXT NOT NULL UNIQUE,
            amount INTEGER NOT NULL,
            currency TEXT NOT NULL,
            reference TEXT NOT NULL,
            refunded INTEGER NOT NULL,
            card TEXT NOT NULL
        ) STRICT",
        "CREATE INDEX IF NOT EXISTS payments_of_account ON payments (account, number)",
        "CREATE TABLE IF NOT EXISTS ledger (id TEXT PRIMARY KEY, reference TEXT NOT NULL)
            STRICT, WITHOUT ROWID",
    ],
    effect: "INSERT INTO ledger (id, reference) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
    insert: "INSERT INTO payments (account, id, amount, currency, reference, refunded, card)
        VALUES ($1, $2, $3, $4, $5, $6, $7)",
    one: ONE,
    locked: ONE,
    list: "SELECT id, amount, currency, reference, refunded, card FROM payments
        WHERE account = $1 ORDER BY number",
    refund: "UPDATE payments SET refunded = $1 WHERE id = $2",
    effects: "SELECT reference, count(*) FROM ledger GROUP BY reference",
};

/// Nobody else writes in a transaction that was begun as ours.
const ONE: &str = "SELECT id, amount, currency, reference, refunded, card FROM payments
    WHERE account = $1 AND id = $2";
