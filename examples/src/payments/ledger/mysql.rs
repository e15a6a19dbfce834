//! The ledger in MySQL or MariaDB.

use sqlx::{MySql, Row};

use super::patience::patiently;
use super::sql::{CONNECTIONS, Statements, sql_ledger, unreadable};
use super::{Books, Effects, Ledger, LedgerError, LedgerFuture, Refunded};
use crate::payments::payment::Payment;

sql_ledger! {
    /// Payments and effects in a MySQL or MariaDB database.
    MySqlLedger over MySql, CONNECTIONS as usize
}

const SQL: Statements = Statements {
    begin: "START TRANSACTION",
    // Each CREATE commits by itself, and those of others wait for it.
    lock: None,
    tables: &[
        "CREATE TABLE IF NOT EXISTS payments (
            number bigint AUTO_INCREMENT PRIMARY KEY,
            account varchar(255) NOT NULL,
            id varchar(64) NOT NULL UNIQUE,
            amount bigint NOT NULL,
            currency text NOT NULL,
            reference text NOT NULL,
            refunded bigint NOT NULL,
            card varchar(64) NOT NULL,
            KEY payments_of_account (account, number)
        ) ENGINE = InnoDB, CHARACTER SET utf8mb4, COLLATE utf8mb4_bin",
        "CREATE TABLE IF NOT EXISTS ledger (
            id varchar(64) NOT NULL PRIMARY KEY,
            reference text NOT NULL
        ) ENGINE = InnoDB, CHARACTER SET utf8mb4, COLLATE utf8mb4_bin",
    ],
    effect: "INSERT IGNORE INTO ledger (id, reference) VALUES (?, ?)",
    insert: "INSERT INTO payments (account, id, amount, currency, reference, refunded, card)
        VALUES (?, ?, ?, ?, ?, ?, ?)",
    one: "SELECT id, amount, currency, reference, refunded, card FROM payments
        WHERE account = ? AND id = ?",
    locked: "SELECT id, amount, currency, reference, refunded, card FROM payments
        WHERE account = ? AND id = ? FOR UPDATE",
    list: "SELECT id, amount, currency, reference, refunded, card FROM payments
        WHERE account = ? ORDER BY number",
    refund: "UPDATE payments SET refunded = ? WHERE id = ?",
    // Texts that differ by blanks at their end are equal to this collation.
    effects: "SELECT reference, count(*) FROM ledger GROUP BY reference, length(reference)",
};
