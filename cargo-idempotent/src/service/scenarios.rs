//! The scenarios of a check in process.

use std::time::Duration;

use super::{
    abort::Abort,
    interleave::Interleave,
    run::{Answered, Run, good},
};
use crate::case::{Request, Response};

/// No handler is dropped at more points than that.
const POINTS: usize = 100;

impl Run<'_> {
    pub(super) async fn all(&mut self) -> Result<(), String> {
        self.controls().await?;
        self.sequential().await?;
        self.interleaved().await?;
        self.aborted().await?;
        self.reused().await?;
        self.keys().await?;
        self.failing().await
    }

    /// Two fresh keys: two runs. Else nothing that follows would mean anything.
    async fn controls(&mut self) -> Result<(), String> {
        for which in ["a fresh key", "a second fresh key"] {
            let (before, request) = (self.effects(), self.fresh());
            let status = self.send(&request).await?.status;
            let rose = self.since(before);
            if !(200..300).contains(&status) || rose != 1 {
                return Err(format!(
                    "{which} was answered {status}, and the ledger rose by {rose}, not by 1"
                ));
            }
        }
        Ok(())
    }

    async fn sequential(&mut self) -> Result<(), String> {
        let (before, request) = (self.effects(), self.fresh());
        let first = self.send(&request).await?;
        let second = self.send(&request).await?;
        let rose = self.since(before);
        if rose != 1 {
            self.violation(format!("sequential duplicate: one key, {rose} effects"));
        } else if let Some(what) = self.not_a_replay(&first, &second) {
            self.violation(format!("sequential duplicate: {what}"));
        } else {
            self.proof("sequential duplicate: one effect, and the answer replayed");
        }
        Ok(())
    }

    fn not_a_replay(&self, first: &Response, second: &Response) -> Option<String> {
        if first.status != second.status || first.body != second.body {
            let (a, b) = (first.status, second.status);
            return Some(format!("{a} first, {b} then, or another body"));
        }
        let (name, value) = self.contract.replay_mark?;
        (second.headers.get(name) != Some(value)).then(|| format!("no `{name}: {value}`"))
    }

    /// Two and three copies, step by step in many orders.
    async fn interleaved(&mut self) -> Result<(), String> {
        for order in 0..self.plan.orders {
            let copies = 2 + order % 2;
            let (before, request) = (self.effects(), self.fresh());
            let futures = (0..copies)
                .map(|_| (self.plan.call)(request.clone()))
                .collect();
            let answers = Interleave::new(futures, self.random.clone()).await;
            self.random.next();
            let answers = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
            if let Some(what) = self.odd(&answers, self.since(before)) {
                self.violation(format!(
                    "concurrent duplicates, order {order}, {copies} copies: {what}"
                ));
                return Ok(());
            }
            let again = self.send(&request).await?;
            if !good(&again) || self.since(before) != 1 {
                let status = again.status;
                self.violation(format!("order {order}: a later retry got {status}"));
                return Ok(());
            }
        }
        let orders = self.plan.orders;
        self.proof(format!(
            "concurrent duplicates: one effect in each of {orders} orders"
        ));
        Ok(())
    }

    fn odd(&self, answers: &[Response], rose: usize) -> Option<String> {
        let statuses: Vec<_> = answers.iter().map(|a| a.status).collect();
        if rose != 1 {
            return Some(format!("one key, {rose} effects; answers {statuses:?}"));
        }
        let right = |a: &Response| good(a) || self.contract.in_flight.contains(&a.status);
        if !answers.iter().all(right) {
            return Some(format!("answers {statuses:?}"));
        }
        let mut bodies = answers.iter().filter(|a| good(a)).map(|a| &a.body);
        let first = bodies.next();
        let other = bodies.any(|b| Some(b) != first);
        other.then(|| "two successes with different bodies".into())
    }

    /// Dropped after one step, after two, and so on; then retried.
    async fn aborted(&mut self) -> Result<(), String> {
        for steps in 1..=POINTS {
            let (before, request) = (self.effects(), self.fresh());
            let future = (self.plan.call)(request.clone());
            let ended = Abort::after(steps, future).await.transpose()?.is_some();
            let last = self.retry(&request).await?;
            let rose = self.since(before);
            if rose != 1 || !good(&last) {
                let status = last.status;
                self.violation(format!(
                    "dropped after {steps} steps and retried: {rose} effects, and {status} at last"
                ));
                return Ok(());
            }
            if ended {
                let points = steps - 1;
                self.proof(format!(
                    "disconnect at each of {points} await points: one effect"
                ));
                return Ok(());
            }
        }
        self.proof(format!(
            "disconnect at the first {POINTS} await points: one effect"
        ));
        Ok(())
    }

    /// Retries until the key is no longer in use, or patience ends.
    async fn retry(&self, request: &Request) -> Answered {
        let mut waited = Duration::ZERO;
        loop {
            let answer = self.send(request).await?;
            let busy = self.contract.in_flight.contains(&answer.status);
            if !busy || waited >= self.plan.patience {
                return Ok(answer);
            }
            let pause = Duration::from_secs(1);
            tokio::time::sleep(pause).await;
            waited += pause;
        }
    }
}
