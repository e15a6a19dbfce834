//! What the page has to show at once: records in every state, and findings.
//! The seeds have the same keys at each start, so that a store that keeps them
//! keeps one set.

mod findings;
mod left_over;
mod traffic;

use std::error::Error;
use std::net::SocketAddr;

use idempotent_runtime::record::RecordId;
use idempotent_runtime::{Idempotency, Key, Scope};
use serde_json::json;

use crate::client::Request;

/// The operation of nearly all seeds.
pub const OPERATION: &str = "payments.create";

/// Why there are no seeds.
pub type Failed = Box<dyn Error + Send + Sync>;

/// All seeds. The service must serve at `address` already.
pub async fn everything(address: SocketAddr, idempotency: &Idempotency) -> Result<(), Failed> {
    traffic::ended(address).await?;
    left_over::stuck(idempotency).await?;
    left_over::interrupted(idempotency).await?;
    findings::planted(address, idempotency).await?;
    // The last, so that nothing waits for them.
    traffic::running(address).await?;
    Ok(())
}

/// A payment that a client asks for.
pub fn payment(account: &str, key: &str, card: &str) -> Request {
    let body = json!({ "amount": 1250, "currency": "EUR", "card": card, "reference": key });
    Request::post("/v1/payments")
        .account(account)
        .key(&format!("\"{key}\""))
        .json(&body)
}

/// The record of a payment.
fn record(
    idempotency: &Idempotency,
    account: &str,
    key: &str,
) -> Result<(RecordId, Scope), Failed> {
    let scope = Scope::of(account)?;
    let id = idempotency.record_id(OPERATION, &scope, &Key::new(key)?);
    Ok((id, scope))
}
