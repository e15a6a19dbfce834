//! A ttl that is too short: the client retries after its record has expired,
//! and the body runs again. Its key carries its own time, so that the retry is
//! recognised though the record is gone.

use std::error::Error;
use std::time::{Duration, SystemTime};

use axum::routing::post;
use axum::{Json, Router};
use idempotent_runtime::idempotent;
use serde_json::json;

use crate::client::Request;
use crate::observed::app::{Account, App};
use crate::observed::world::World;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/reports", post(report))
}

#[idempotent(scope = account.0, name = "reports", ttl = "1s")]
async fn report(account: Account, Json(month): Json<u64>) -> Json<u64> {
    let _ = account;
    Json(month)
}

pub(crate) async fn traffic(world: &World) -> Result<(), Box<dyn Error>> {
    let request = Request::post("/reports")
        .account("acme")
        .key(&format!("\"{}\"", uuid_v7()?))
        .json(&json!(world.round()));
    assert!(!world.ask(&request).await?.is_replay());
    tokio::time::sleep(Duration::from_millis(1_600)).await;
    assert!(!world.ask(&request).await?.is_replay());
    Ok(())
}

/// As the client makes it: 48 bits of milliseconds since 1970, version, chance.
#[allow(clippy::disallowed_methods, reason = "the client's clock")]
fn uuid_v7() -> Result<String, Box<dyn Error>> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let (time, chance) = (now.as_millis(), getrandom::u64()?);
    Ok(format!(
        "{:08x}-{:04x}-7{:03x}-8{:03x}-{:012x}",
        time >> 16,
        time & 0xffff,
        chance & 0xfff,
        (chance >> 12) & 0xfff,
        (chance >> 16) & 0xffff_ffff_ffff,
    ))
}
