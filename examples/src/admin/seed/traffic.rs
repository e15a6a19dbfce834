//! Records as clients leave them: paid, declined, given back, too large to be
//! kept, and still running.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::json;

use super::payment;
use crate::client::{Connection, Request, hang_up_after};

/// More than a page of a list has.
const PAID: u32 = 64;

pub(super) async fn ended(address: SocketAddr) -> io::Result<()> {
    let mut connection = Connection::open(address).await?;
    for number in 0..PAID {
        let account = ["acme", "bolt", "cafe"][number as usize % 3];
        let key = format!("order-{}", 1001 + number);
        connection.ask(&payment(account, &key, "tok_ok")).await?;
    }
    for (key, card) in [
        ("order-3001", "tok_declined"),
        ("order-3002", "tok_declined"),
        // Paid, and the answer is more than what is kept: a tombstone.
        ("order-4001", "tok_large"),
        ("order-4002", "tok_large"),
        // The bank did not answer: the key is free for a retry.
        ("order-5001", "tok_gateway_down"),
        ("order-5002", "tok_rate_limited"),
    ] {
        connection.ask(&payment("acme", key, card)).await?;
    }
    // Retries, of which one asks for something else.
    for _ in 0..12 {
        let retry = payment("acme", "order-1001", "tok_ok");
        connection.ask(&retry).await?;
    }
    let other = payment("acme", "order-1001", "tok_declined");
    connection.ask(&other).await?;

    let first = payment("acme", "order-1001", "tok_ok");
    let paid = connection.ask(&first).await?.json();
    let id = paid["id"].as_str().unwrap_or_default();
    let refund = Request::post(&format!("/v1/payments/{id}/refunds"))
        .account("acme")
        .key("\"refund-1001\"")
        .json(&json!({ "amount": 250 }));
    connection.ask(&refund).await?;
    Ok(())
}

/// Two payments that take an hour, whose clients have hung up: they go on.
pub(super) async fn running(address: SocketAddr) -> io::Result<()> {
    for key in ["order-6001", "order-6002"] {
        let slow = payment("acme", key, "tok_slow:3600000");
        hang_up_after(address, &slow, Duration::from_millis(150)).await?;
    }
    Ok(())
}
