//! The ledger in PostgreSQL.

use sqlx::{Postgres, Row};

use super::patience::patiently;
use super::sql::{CONNECTIONS, Statements, sql_ledger, unreadable};
use super::{Books, Effects, Ledger, LedgerError, LedgerFuture, Refunded};
use crate::payments::payment::Payment;

sql_ledger! {
    /// Payments and effects in a PostgreSQL database.
    PostgresLedger over Postgres, CONNECTIONS as usize
}

const SQL: Statements = Statements {
    begin: "BEGIN",
    // `IF NOT EXISTS` alone fails where two create at once.
    lock: Some("SELECT pg_advisory_xact_lock(hashtext('payments.tables'))"),
    tables: &[
        "CREATE TABLE IF NOT EXISTS payments (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            account text NOT NULL,
            id text NOT NULL UNIQUE,
            amount bigint NOT NULL,
            currency text NOT NULL,
            reference text NOT NULL,
            refunded bigint NOT NULL,
            card text NOT NULL
        )",
        "CREATE INDEX IF NOT EXISTS payments_of_account ON payments (account, number)",
        "CREATE TABLE IF NOT EXISTS ledger (id text PRIMARY KEY, reference text NOT NULL)",
    ],
    effect: "INSERT INTO ledger (id, reference) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
    insert: "INSERT INTO payments (account, id, amount, currency, reference, refunded, card)
        VALUES ($1, $2, $3, $4, $5, $6, $7)",
    one: "SELECT id, amount, currency, reference, refunded, card FROM payments
        WHERE account = $1 AND id = $2",
    locked: "SELECT id, amount, currency, reference, refunded, card FROM payments
        WHERE account = $1 AND id = $2 FOR UPDATE",
    list: "SELECT id, amount, currency, reference, refunded, card FROM payments
        WHERE account = $1 ORDER BY number",
    refund: "UPDATE payments SET refunded = $1 WHERE id = $2",
    effects: "SELECT reference, count(*) FROM ledger GROUP BY reference",
};
