//! What is written inside a transaction, whoever opened it.

/// The entries of a database's ledger, in transactions over it.
macro_rules! sql_entries {
    ($database:ty) => {
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
    };
}

pub(in crate::payments::ledger) use sql_entries;
