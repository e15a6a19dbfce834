//! Notifications, in statements of their own and many in one: commits that
//! notify wait for one another, and no completion should wait for them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::SqlStr;
use sqlx::postgres::PgPool;
use tokio::runtime::Handle;

use super::CHANNEL;
use crate::record::RecordId;

#[derive(Default)]
pub(super) struct Courier {
    bag: Mutex<Bag>,
}

#[derive(Default)]
struct Bag {
    ids: Vec<String>,
    /// A task is on its way, and looks into the bag before it ends.
    underway: bool,
}

impl Courier {
    /// Has the listening processes told, soon. A notification that does not
    /// get there costs them a pause between two looks.
    pub(super) fn send(self: &Arc<Self>, id: &RecordId, pool: &PgPool, statement: &SqlStr) {
        let mut bag = self.bag();
        bag.ids.push(id.to_string());
        if bag.underway {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            bag.underway = true;
            let trip = Trip {
                courier: Arc::clone(self),
                pool: pool.clone(),
                statement: statement.clone(),
                done: false,
            };
            runtime.spawn(trip.run());
        }
    }

    fn bag(&self) -> MutexGuard<'_, Bag> {
        self.bag.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Trip {
    courier: Arc<Courier>,
    pool: PgPool,
    statement: SqlStr,
    done: bool,
}

impl Trip {
    async fn run(mut self) {
        loop {
            let ids = std::mem::take(&mut self.courier.bag().ids);
            // Waiters look by themselves, too: a failure is not repeated.
            let _ = sqlx::query(self.statement.clone())
                .bind(CHANNEL)
                .bind(ids)
                .execute(&self.pool)
                .await;
            let mut bag = self.courier.bag();
            if bag.ids.is_empty() {
                bag.underway = false;
                self.done = true;
                return;
            }
        }
    }
}

/// The runtime may end before the trip does; the next one starts afresh.
impl Drop for Trip {
    fn drop(&mut self) {
        if !self.done {
            self.courier.bag().underway = false;
        }
    }
}
