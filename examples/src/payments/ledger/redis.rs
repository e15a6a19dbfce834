//! The ledger in Redis, or in a Redis Cluster: a hash for each payment, a
//! sorted set for each account, and one hash of all effects. In a cluster they
//! lie on different nodes, so that no step spans two of them: the effect is
//! counted first, as it may have happened whatever comes after.

use redis::aio::ConnectionLike;
use redis::{ErrorKind, RedisError, RedisResult, cmd};

use super::patience::patiently;
use super::{Effects, Ledger, LedgerError, LedgerFuture, Refunded};
use crate::payments::card::Card;
use crate::payments::payment::Payment;

/// Puts a payment behind an account's others (key: account; payment's id).
const APPEND: &str = include_str!("redis/append.lua");
/// Gives back (key: payment; refund's id, amount).
const REFUND: &str = include_str!("redis/refund.lua");

/// Payments and effects in Redis.
#[derive(Debug)]
pub struct RedisLedger<C> {
    connection: C,
    /// Before every key.
    prefix: String,
}

impl<C: ConnectionLike + Clone + Send + Sync + 'static> RedisLedger<C> {
    /// The ledger over a connection that many tasks share.
    pub fn new(connection: C, prefix: &str) -> Self {
        Self {
            connection,
            prefix: prefix.to_owned(),
        }
    }

    fn key_of_payment(&self, id: &str) -> String {
        format!("{}payment:{id}", self.prefix)
    }

    fn key_of_account(&self, account: &str) -> String {
        format!("{}account:{account}", self.prefix)
    }

    fn key_of_effects(&self) -> String {
        format!("{}ledger", self.prefix)
    }

    async fn count(&self, id: &str, reference: &str) -> RedisResult<()> {
        cmd("HSET")
            .arg(self.key_of_effects())
            .arg(id)
            .arg(reference)
            .query_async(&mut self.connection.clone())
            .await
    }

    async fn keep(&self, account: &str, payment: &Payment) -> RedisResult<()> {
        self.count(&payment.id, &payment.reference).await?;
        let mut keep = cmd("HSET");
        keep.arg(self.key_of_payment(&payment.id));
        keep.arg("account").arg(account);
        keep.arg("amount").arg(payment.amount);
        keep.arg("currency").arg(&payment.currency);
        keep.arg("reference").arg(&payment.reference);
        keep.arg("card").arg(payment.card.to_string());
        let mut append = cmd("EVAL");
        append.arg(APPEND).arg(1).arg(self.key_of_account(account));
        append.arg(&payment.id);
        let (mut one, mut other) = (self.connection.clone(), self.connection.clone());
        let both = tokio::try_join!(keep.query_async(&mut one), append.query_async(&mut other));
        both.map(|((), ())| ())
    }

    async fn find(&self, account: &str, id: &str) -> RedisResult<Option<Payment>> {
        type Fields = [Option<String>; 6];
        let mut read = cmd("HMGET");
        read.arg(self.key_of_payment(id));
        read.arg(&[
            "account",
            "amount",
            "currency",
            "reference",
            "card",
            "refunded",
        ]);
        let fields: Fields = read.query_async(&mut self.connection.clone()).await?;
        let [
            owner,
            Some(amount),
            Some(currency),
            Some(reference),
            Some(card),
            refunded,
        ] = fields
        else {
            return Ok(None);
        };
        if owner.as_deref() != Some(account) {
            return Ok(None);
        }
        let number = |text: &str| text.parse().map_err(|_| unreadable());
        let card: Card = card.parse().map_err(|_| unreadable())?;
        let refunded = refunded.as_deref().map_or(Ok(0), number)?;
        Ok(Some(Payment::kept(
            id.to_owned(),
            number(&amount)?,
            currency,
            reference,
            refunded,
            card,
        )))
    }

    async fn list(&self, account: &str) -> RedisResult<Vec<Payment>> {
        let mut read = cmd("ZRANGE");
        read.arg(self.key_of_account(account)).arg(0).arg(-1);
        let ids: Vec<String> = read.query_async(&mut self.connection.clone()).await?;
        let mut payments = Vec::with_capacity(ids.len());
        for id in ids {
            // Its own fields may be on their way to another node.
            payments.extend(self.find(account, &id).await?);
        }
        Ok(payments)
    }

    async fn give_back(
        &self,
        account: &str,
        id: &str,
        refund: &str,
        amount: u32,
    ) -> RedisResult<Refunded> {
        let Some(payment) = self.find(account, id).await? else {
            return Ok(Refunded::Unknown);
        };
        self.count(refund, &payment.reference).await?;
        let mut give = cmd("EVAL");
        give.arg(REFUND).arg(1).arg(self.key_of_payment(id));
        give.arg(refund).arg(amount);
        let (given, number): (bool, u32) = give.query_async(&mut self.connection.clone()).await?;
        if given {
            let refunded = number;
            let Payment {
                id,
                amount,
                currency,
                reference,
                card,
                ..
            } = payment;
            let payment = Payment::kept(id, amount, currency, reference, refunded, card);
            return Ok(Refunded::Done(payment));
        }
        // Refused for certain: there was no effect.
        let mut forget = cmd("HDEL");
        forget.arg(self.key_of_effects()).arg(refund);
        let () = forget.query_async(&mut self.connection.clone()).await?;
        Ok(Refunded::TooMuch { left: number })
    }

    async fn all(&self) -> RedisResult<Effects> {
        let mut read = cmd("HVALS");
        read.arg(self.key_of_effects());
        let references: Vec<String> = read.query_async(&mut self.connection.clone()).await?;
        let mut effects = Effects::default();
        for reference in references {
            effects.effects += 1;
            *effects.by_reference.entry(reference).or_default() += 1;
        }
        Ok(effects)
    }
}

impl<C: ConnectionLike + Clone + Send + Sync + 'static> Ledger for RedisLedger<C> {
    fn effect<'a>(&'a self, id: &'a str, reference: &'a str) -> LedgerFuture<'a, ()> {
        Box::pin(patiently(move || self.count(id, reference)))
    }

    fn pay<'a>(&'a self, account: &'a str, payment: &'a Payment) -> LedgerFuture<'a, ()> {
        Box::pin(patiently(move || self.keep(account, payment)))
    }

    fn payment<'a>(&'a self, account: &'a str, id: &'a str) -> LedgerFuture<'a, Option<Payment>> {
        Box::pin(patiently(move || self.find(account, id)))
    }

    fn payments<'a>(&'a self, account: &'a str) -> LedgerFuture<'a, Vec<Payment>> {
        Box::pin(patiently(move || self.list(account)))
    }

    fn refund<'a>(
        &'a self,
        account: &'a str,
        id: &'a str,
        refund: &'a str,
        amount: u32,
    ) -> LedgerFuture<'a, Refunded> {
        Box::pin(patiently(move || {
            self.give_back(account, id, refund, amount)
        }))
    }

    fn effects(&self) -> LedgerFuture<'_, Effects> {
        Box::pin(patiently(move || self.all()))
    }
}

/// What a key holds is not what we write.
fn unreadable() -> RedisError {
    (ErrorKind::UnexpectedReturnType, "a payment of another form").into()
}

/// Only kinds and codes are passed on: messages may hold names and values.
impl From<RedisError> for LedgerError {
    fn from(error: RedisError) -> Self {
        let refusals = ["ERR", "NOAUTH", "NOPERM", "OOM", "WRONGPASS", "WRONGTYPE"];
        match error.code() {
            Some(code) if refusals.contains(&code) => Self::Refused {
                why: format!("its code is {code}"),
            },
            Some(code) => Self::Unavailable {
                why: format!("its code is {code}"),
            },
            None if error.kind() == ErrorKind::UnexpectedReturnType => Self::Refused {
                why: "a key holds what this version does not write".to_owned(),
            },
            None if error.is_timeout() => Self::Unavailable {
                why: "no answer in time".to_owned(),
            },
            None => Self::Unavailable {
                why: "the connection failed".to_owned(),
            },
        }
    }
}
