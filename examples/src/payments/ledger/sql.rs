//! The ledger in a SQL database: the same code for each of them, over its own
//! statements. A payment and its row in the ledger are one transaction: the
//! ledger's own, apart from the idempotency record's (what a lease protects), or
//! one that carries the record too.

use std::io;

use sqlx::error::ErrorKind;

use super::LedgerError;

/// The most connections of a pool, which store and ledger share.
pub(in crate::payments) const CONNECTIONS: u32 = 16;

/// What a database is asked, in its own dialect. The columns of a payment are
/// `id, amount, currency, reference, refunded, card`.
pub(super) struct Statements {
    /// Opens a transaction that writes.
    pub(super) begin: &'static str,
    /// Lets one instance migrate at a time.
    pub(super) lock: Option<&'static str>,
    /// Creates what is not there.
    pub(super) tables: &'static [&'static str],
    /// Counts an effect (id, reference), unless its id is there.
    pub(super) effect: &'static str,
    /// Keeps a payment: account, then the columns.
    pub(super) insert: &'static str,
    /// The account's payment of an id (account, id).
    pub(super) one: &'static str,
    /// The same, and nobody else changes it before the transaction ends.
    pub(super) locked: &'static str,
    /// The account's payments, in their order (account).
    pub(super) list: &'static str,
    /// Sets how much went back (refunded, id).
    pub(super) refund: &'static str,
    /// Each reference and its count.
    pub(super) effects: &'static str,
}

/// A ledger type over a database's pool.
macro_rules! sql_ledger {
    ($(#[$doc:meta])* $ledger:ident over $database:ty, $writers:expr) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $ledger {
            pool: sqlx::Pool<$database>,
            writers: tokio::sync::Semaphore,
        }

        impl $ledger {
            /// The ledger of a database; creates its tables where they are not
            /// there. Any number of instances may do so at once.
            pub async fn open(pool: sqlx::Pool<$database>) -> Result<Self, LedgerError> {
                let ledger = Self {
                    pool,
                    writers: tokio::sync::Semaphore::new($writers),
                };
                ledger.migrate().await?;
                Ok(ledger)
            }

            async fn migrate(&self) -> Result<(), sqlx::Error> {
                let mut transaction = self.pool.begin_with(SQL.begin).await?;
                if let Some(lock) = SQL.lock {
                    sqlx::query(lock).execute(&mut *transaction).await?;
                }
                for table in SQL.tables {
                    sqlx::query(*table).execute(&mut *transaction).await?;
                }
                transaction.commit().await
            }

            async fn pay(&self, account: &str, payment: &Payment) -> Result<(), sqlx::Error> {
                let _turn = self.writers.acquire().await.ok();
                let mut transaction = self.pool.begin_with(SQL.begin).await?;
                keep(&mut transaction, account, payment).await?;
                transaction.commit().await
            }

            async fn give_back(
                &self,
                account: &str,
                id: &str,
                refund: &str,
                amount: u32,
            ) -> Result<Refunded, sqlx::Error> {
                let _turn = self.writers.acquire().await.ok();
                let mut transaction = self.pool.begin_with(SQL.begin).await?;
                let refunded = give_back(&mut transaction, account, id, refund, amount).await?;
                if let Refunded::Done(_) = refunded {
                    transaction.commit().await?;
                }
                // Else it is dropped, and its effect with it.
                Ok(refunded)
            }
        }

        async fn count(
            transaction: &mut sqlx::Transaction<'_, $database>,
            id: &str,
            reference: &str,
        ) -> Result<u64, sqlx::Error> {
            let count = sqlx::query(SQL.effect).bind(id).bind(reference);
            let counted = count.execute(&mut **transaction).await?;
            Ok(counted.rows_affected())
        }

        async fn keep(
            transaction: &mut sqlx::Transaction<'_, $database>,
            account: &str,
            payment: &Payment,
        ) -> Result<(), sqlx::Error> {
            if count(transaction, &payment.id, &payment.reference).await? == 0 {
                // An earlier try was committed, all of it.
                return Ok(());
            }
            sqlx::query(SQL.insert)
                .bind(account)
                .bind(&payment.id)
                .bind(i64::from(payment.amount))
                .bind(&payment.currency)
                .bind(&payment.reference)
                .bind(i64::from(payment.refunded))
                .bind(payment.card.to_string())
                .execute(&mut **transaction)
                .await?;
            Ok(())
        }

        async fn give_back(
            transaction: &mut sqlx::Transaction<'_, $database>,
            account: &str,
            id: &str,
            refund: &str,
            amount: u32,
        ) -> Result<Refunded, sqlx::Error> {
            let find = sqlx::query(SQL.locked).bind(account).bind(id);
            let Some(row) = find.fetch_optional(&mut **transaction).await? else {
                return Ok(Refunded::Unknown);
            };
            let mut payment = payment(&row)?;
            if count(transaction, refund, &payment.reference).await? == 1 {
                if let Err(left) = payment.refund(amount) {
                    return Ok(Refunded::TooMuch { left });
                }
                sqlx::query(SQL.refund)
                    .bind(i64::from(payment.refunded))
                    .bind(id)
                    .execute(&mut **transaction)
                    .await?;
            }
            Ok(Refunded::Done(payment))
        }

        /// Its entries are committed with the answer, or not at all. Nothing is
        /// tried again in it: after an error it is over.
        impl Books for sqlx::Transaction<'_, $database> {
            fn effect<'a>(&'a mut self, id: &'a str, reference: &'a str) -> LedgerFuture<'a, ()> {
                Box::pin(async move { Ok(count(self, id, reference).await.map(drop)?) })
            }

            fn pay<'a>(
                &'a mut self,
                account: &'a str,
                payment: &'a Payment,
            ) -> LedgerFuture<'a, ()> {
                Box::pin(async move { Ok(keep(self, account, payment).await?) })
            }

            fn refund<'a>(
                &'a mut self,
                account: &'a str,
                id: &'a str,
                refund: &'a str,
                amount: u32,
            ) -> LedgerFuture<'a, Refunded> {
                Box::pin(async move { Ok(give_back(self, account, id, refund, amount).await?) })
            }
        }

        impl Ledger for $ledger {
            fn effect<'a>(&'a self, id: &'a str, reference: &'a str) -> LedgerFuture<'a, ()> {
                Box::pin(patiently(move || async move {
                    let _turn = self.writers.acquire().await.ok();
                    let counted = sqlx::query(SQL.effect).bind(id).bind(reference);
                    counted.execute(&self.pool).await.map(|_| ())
                }))
            }

            fn pay<'a>(&'a self, account: &'a str, payment: &'a Payment) -> LedgerFuture<'a, ()> {
                Box::pin(patiently(move || self.pay(account, payment)))
            }

            fn payment<'a>(
                &'a self,
                account: &'a str,
                id: &'a str,
            ) -> LedgerFuture<'a, Option<Payment>> {
                Box::pin(patiently(move || async move {
                    let asked = sqlx::query(SQL.one).bind(account).bind(id);
                    let row = asked.fetch_optional(&self.pool).await?;
                    row.as_ref().map(payment).transpose()
                }))
            }

            fn payments<'a>(&'a self, account: &'a str) -> LedgerFuture<'a, Vec<Payment>> {
                Box::pin(patiently(move || async move {
                    let asked = sqlx::query(SQL.list).bind(account);
                    let rows = asked.fetch_all(&self.pool).await?;
                    rows.iter().map(payment).collect()
                }))
            }

            fn refund<'a>(
                &'a self,
                account: &'a str,
                id: &'a str,
                refund: &'a str,
                amount: u32,
            ) -> LedgerFuture<'a, Refunded> {
                Box::pin(patiently(move || self.give_back(account, id, refund, amount)))
            }

            fn effects(&self) -> LedgerFuture<'_, Effects> {
                Box::pin(patiently(move || async move {
                    let rows = sqlx::query(SQL.effects).fetch_all(&self.pool).await?;
                    let mut effects = Effects::default();
                    for row in rows {
                        let count: i64 = row.try_get(1)?;
                        let count = u64::try_from(count).map_err(unreadable)?;
                        effects.effects += count;
                        effects.by_reference.insert(row.try_get(0)?, count);
                    }
                    Ok::<_, sqlx::Error>(effects)
                }))
            }
        }

        fn payment(row: &<$database as sqlx::Database>::Row) -> Result<Payment, sqlx::Error> {
            let number = |column: usize| {
                let number: i64 = row.try_get(column)?;
                u32::try_from(number).map_err(unreadable)
            };
            let card: String = row.try_get(5)?;
            let card = card.parse().map_err(|_| unreadable("a card's name"))?;
            Ok(Payment::kept(
                row.try_get(0)?,
                number(1)?,
                row.try_get(2)?,
                row.try_get(3)?,
                number(4)?,
                card,
            ))
        }
    };
}

pub(super) use sql_ledger;

/// What the table holds is not what we write.
pub(super) fn unreadable(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Decode(what.into())
}

/// Only kinds and codes are passed on: messages may hold names and values.
impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => {
                let code = error.code().unwrap_or_default().into_owned();
                let why = format!("its code is {code}");
                match error.kind() {
                    ErrorKind::Other if passes(&code) => Self::Unavailable { why },
                    _ => Self::Refused { why },
                }
            }
            sqlx::Error::Io(error) => Self::Unavailable {
                why: match error.raw_os_error() {
                    Some(number) => format!("{} (os error {number})", error.kind()),
                    None => error.kind().to_string(),
                },
            },
            sqlx::Error::PoolTimedOut => Self::Unavailable {
                why: "no connection was free in time".to_owned(),
            },
            sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => Self::Unavailable {
                why: io::ErrorKind::ConnectionAborted.to_string(),
            },
            sqlx::Error::BeginFailed => Self::Unavailable {
                why: "no transaction could be opened".to_owned(),
            },
            sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => Self::Refused {
                why: "a column holds what this version does not write".to_owned(),
            },
            _ => Self::Refused {
                why: "the client library failed".to_owned(),
            },
        }
    }
}

/// Whether the same statement may well succeed later: a lost connection, a
/// server that stops or starts, others in the way. SQLite's codes are numbers;
/// the low byte of an extended one is 5 (busy) or 6 (locked).
fn passes(code: &str) -> bool {
    let classes = ["08", "40", "57P", "53"];
    let number = code
        .parse::<u32>()
        .is_ok_and(|code| matches!(code & 0xff, 5 | 6));
    classes.iter().any(|class| code.starts_with(class)) || (code.len() < 5 && number)
}
