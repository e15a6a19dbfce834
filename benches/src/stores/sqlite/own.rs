//! The store's own statements without its writer: each task on a connection of
//! its own, as a service would send them that knew nothing of shared commits.

use sqlx::SqliteConnection;

use super::File;
use crate::stores::race::Contender;
use crate::stores::raw::Raw;
use crate::stores::records::{asking, fresh};

const LOOK: &str = include_str!("../../../../idempotent-runtime/src/store/sqlite/sql/look.sql");
const CLAIM: &str = include_str!("../../../../idempotent-runtime/src/store/sqlite/sql/claim.sql");
/// Of a record of the default ttl, in microseconds.
const GRACE: i64 = 3_600_000_000;

/// Claims alone.
pub fn claims(file: &File) -> Contender {
    let file = file.clone();
    Contender::new("claim, own connections", move |_, mut pace| {
        let file = file.clone();
        async move {
            let mut line = file.line().await;
            pace.begin().await;
            while pace.go_on() {
                claim(&mut line).await;
            }
            pace
        }
    })
}

async fn claim(line: &mut SqliteConnection) {
    let claim = asking(fresh());
    let found = sqlx::query(LOOK)
        .bind(claim.id.as_bytes().as_slice())
        .bind(claim.token.as_bytes().as_slice())
        .bind(claim.fingerprint.as_bytes().as_slice())
        .fetch_optional(&mut *line)
        .await;
    assert!(found.expect("SQLite answers").is_none());
    // A batch of one, as the statement wants it; without a trace.
    let bytes = [
        claim.id.as_bytes().as_slice(),
        claim.token.as_bytes(),
        claim.fingerprint.as_bytes(),
        &[0; 25],
    ];
    let (lease, life) = (claim.lease.duration(), claim.lifetime());
    let values = (
        lease.as_micros() as i64,
        life.as_micros() as i64,
        GRACE,
        claim.operation,
        claim.owner,
        false,
    );
    let values = serde_json::to_string(&[values]).expect("plain values");
    let claimed = sqlx::query(CLAIM)
        .bind(bytes.concat())
        .bind(values)
        .fetch_optional(line)
        .await;
    assert!(claimed.expect("SQLite commits").is_some());
}
