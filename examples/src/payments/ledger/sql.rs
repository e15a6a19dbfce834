//! The ledger in a SQL database: the same code for each of them, over its own
//! statements. A payment and its row in the ledger are one transaction: the
//! ledger's own, apart from the idempotency record's (what a lease protects), or
//! one that carries the record too.

mod entries;
mod failure;

pub(super) use self::entries::sql_entries;

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

        crate::payments::ledger::sql::sql_entries!($database);

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
