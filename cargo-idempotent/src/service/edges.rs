//! Reused and malformed keys, and errors.

use super::run::Run;
use crate::case::{Body, Request};

impl Run<'_> {
    /// Another payload under a used key.
    pub(super) async fn reused(&mut self) -> Result<(), String> {
        let (Some(other), Some(expected)) = (self.plan.other, self.contract.other_payload) else {
            return Ok(());
        };
        let body = Body::text(other.to_string());
        let mut alone = self.fresh();
        alone.body = body.clone();
        let status = self.send(&alone).await?.status;
        if !(200..300).contains(&status) {
            return Err(format!("the other payload by itself was answered {status}"));
        }
        let request = self.fresh();
        self.send(&request).await?;
        let before = self.effects();
        let second = self.send(&Request { body, ..request }).await?.status;
        let rose = self.since(before);
        if rose != 0 || second != expected {
            self.violation(format!(
                "same key, other payload: {second}, not {expected}, and {rose} effects"
            ));
        } else {
            self.proof(format!("same key, other payload: {expected}, nothing run"));
        }
        Ok(())
    }

    /// Keys that are missing, empty, doubled or too long.
    pub(super) async fn keys(&mut self) -> Result<(), String> {
        let bare = self.plan.request.clone();
        let mut empty = bare.clone();
        empty.headers.set("idempotency-key", "");
        let mut doubled = self.fresh();
        let second = ("idempotency-key".to_owned(), "another".to_owned());
        doubled.headers.0.push(second);
        let mut long = bare.clone();
        long.headers.set("idempotency-key", "k".repeat(256));
        let contract = self.contract.clone();
        for (what, request, expected) in [
            ("missing key", bare, contract.missing),
            ("empty key", empty, contract.malformed),
            ("doubled key", doubled, contract.malformed),
            ("key of 256 bytes", long, contract.too_long),
        ] {
            // Where the profile is silent, anything is right.
            let Some(expected) = expected else { continue };
            let before = self.effects();
            let status = self.send(&request).await?.status;
            let rose = self.since(before);
            if rose != 0 || status != expected {
                self.violation(format!(
                    "{what}: {status}, not {expected}, and {rose} effects"
                ));
            } else {
                self.proof(format!("{what}: {expected}, nothing run"));
            }
        }
        Ok(())
    }

    /// A request that fails, and the same again.
    pub(super) async fn failing(&mut self) -> Result<(), String> {
        let Some(failing) = self.plan.failing else {
            return Ok(());
        };
        let mut request = self.fresh();
        request.body = Body::text(failing.to_string());
        let first = self.send(&request).await?;
        let second = self.send(&request).await?;
        let status = first.status;
        if status < 400 {
            return Err(format!("the failing payload was answered {status}"));
        }
        let last = match status {
            500.. => self.contract.server_error_final,
            // A retry may cure these: no profile makes them final.
            401 | 408 | 409 | 423 | 425 | 429 => None,
            _ => Some(true),
        };
        let mark = self.contract.replay_mark;
        let marked = mark.is_some_and(|(n, v)| second.headers.get(n) == Some(v));
        let equal = first.status == second.status && first.body == second.body;
        match last {
            None => {}
            Some(true) if equal && (marked || mark.is_none()) => {
                self.proof(format!("error {status}: final, and replayed"));
            }
            Some(true) => self.violation(format!(
                "error {status}: final by the profile, but its retry got {}, {}",
                second.status,
                if marked {
                    "marked"
                } else {
                    "not marked as a replay"
                }
            )),
            Some(false) if marked => {
                self.violation(format!("error {status}: replayed, so no retry can succeed"));
            }
            Some(false) => self.proof(format!("error {status}: frees the key")),
        }
        Ok(())
    }
}
