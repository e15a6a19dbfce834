//! Looks at what this process waits for, all of it in one statement, with
//! pauses that are short without notifications and long with them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgPool;
use sqlx::{Row, SqlStr};
use tokio::time::{Instant, timeout, timeout_at};

use super::Notifications;
use super::listener::Listener;
use super::waiting::Waiting;
use crate::record::RecordId;

/// The longest pause between two looks at a record whose end nobody tells.
const UNTOLD: Duration = Duration::from_millis(250);
/// The longest pause where a notification is to come: it may get lost.
const TOLD: Duration = Duration::from_secs(2);
/// The shortest time between two looks, whoever joins.
const APART: Duration = Duration::from_millis(5);
/// For how long the connection that listens is kept with nobody waiting.
const IDLE: Duration = Duration::from_secs(10);

pub(super) struct Looker {
    pub(super) waiting: Arc<Waiting>,
    pub(super) pool: PgPool,
    pub(super) statement: SqlStr,
    pub(super) notifications: Notifications,
    pub(super) on_duty: bool,
}

/// A record that still runs.
struct Running {
    remaining: Duration,
    notifies: bool,
}

impl Looker {
    pub(super) async fn run(mut self) {
        let mut listener = None;
        loop {
            let (due, next) = self.waiting.due();
            if due.is_empty() && next.is_none() {
                let changed = timeout(IDLE, self.waiting.changed.notified()).await;
                if changed.is_err() && self.waiting.leave_if_idle() {
                    self.on_duty = false;
                    return;
                }
                continue;
            }
            if self.notifications == Notifications::On && listener.is_none() {
                listener = Some(Listener::start(&self.waiting, &self.pool));
            }
            if due.is_empty() {
                let until = next.unwrap_or_else(Instant::now);
                let _ = timeout_at(until, self.waiting.changed.notified()).await;
                continue;
            }
            let told = listener.as_ref().is_some_and(Listener::hears);
            let running = self.look(&due).await;
            for id in &due {
                match running.as_ref().ok().and_then(|running| running.get(id)) {
                    Some(Running {
                        remaining,
                        notifies,
                    }) => {
                        let longest = if told && *notifies { TOLD } else { UNTOLD };
                        self.waiting.look_again(id, *remaining, longest);
                    }
                    // It ended; or the store does not answer, which its
                    // waiters' own claims find out.
                    None => self.waiting.ended(id),
                }
            }
            tokio::time::sleep(APART).await;
        }
    }

    async fn look(&self, ids: &[RecordId]) -> Result<HashMap<RecordId, Running>, sqlx::Error> {
        let ids: Vec<&[u8]> = ids.iter().map(|id| &id.as_bytes()[..]).collect();
        let rows = sqlx::query(self.statement.clone())
            .bind(ids)
            .fetch_all(&self.pool)
            .await?;
        let mut running = HashMap::with_capacity(rows.len());
        for row in rows {
            let id = RecordId::from_bytes(row.try_get(0)?);
            let remaining = u64::try_from(row.try_get::<i64, _>(1)?).unwrap_or(0);
            let remaining = Duration::from_micros(remaining);
            let notifies = row.try_get(2)?;
            running.insert(
                id,
                Running {
                    remaining,
                    notifies,
                },
            );
        }
        Ok(running)
    }
}

/// The runtime may end before its work does.
impl Drop for Looker {
    fn drop(&mut self) {
        if self.on_duty {
            self.waiting.abandon();
        }
    }
}
