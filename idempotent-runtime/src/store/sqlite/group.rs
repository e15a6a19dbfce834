//! Verbs that waited together, in one commit: a single statement's own, or a
//! transaction's. Nobody is answered before it (invariants 3 and 8).

use sqlx::pool::PoolConnection;
use sqlx::{Connection, Sqlite, SqliteConnection};

use super::Shared;
use super::failure::{Failed, failure, is_busy};
use super::lane::AnyLane;
use super::session::Session;
use super::turn::late;
use super::writer::Group;
use crate::store::StoreError;

/// A connection that is kept from one commit to the next.
pub(super) type Held = Option<PoolConnection<Sqlite>>;

impl Shared {
    /// In its turn, among the transactions of handlers.
    pub(super) async fn write_group(&self, held: Held, mut group: Group) -> Held {
        let (_turn, held) = if let Some(turn) = self.turns.at_once() {
            (turn, held)
        } else {
            // Whose turn it is may want the pool's only connection.
            drop(held);
            match self.turns.take().await {
                Some(turn) => (turn, None),
                None => return refuse(group, &late),
            }
        };
        let connection = match held {
            Some(connection) => Ok(connection),
            None => self.pool.acquire().await,
        };
        let mut connection = match connection {
            Ok(connection) => connection,
            Err(error) => return self.refused(group, &error),
        };
        match self.together(&mut connection, &mut group).await {
            Ok(()) => {
                let mut session = self.session(&mut connection);
                for lane in group {
                    lane.answer(&mut session).await;
                }
                return Some(connection);
            }
            Err(Failed::Refused(error)) if is_busy(&error) => return self.refused(group, &error),
            // One of them is at fault, perhaps: each for itself.
            Err(_) => drop(connection),
        }
        let mut connection = match self.pool.acquire().await {
            Ok(connection) => connection,
            Err(error) => return self.refused(group, &error),
        };
        let mut session = self.session(&mut connection);
        for lane in group {
            lane.run_each(&mut session).await;
        }
        Some(connection)
    }

    /// One commit for all: a single statement's own, or a transaction's.
    async fn together(
        &self,
        connection: &mut PoolConnection<Sqlite>,
        group: &mut [Box<dyn AnyLane>],
    ) -> Result<(), Failed> {
        if let [lane] = group {
            return lane.run(&mut self.session(connection)).await;
        }
        // A deferred one could not wait for the lock once it has read.
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        for lane in group {
            if let Err(failed) = lane.run(&mut self.session(&mut transaction)).await {
                drop(transaction);
                // SQLite may have rolled back by itself, which sqlx would not
                // know: the pool opens another one.
                connection.close_on_drop();
                return Err(failed);
            }
        }
        Ok(transaction.commit().await?)
    }

    fn session<'a>(&'a self, connection: &'a mut SqliteConnection) -> Session<'a> {
        Session {
            connection,
            shared: self,
        }
    }

    fn refused(&self, group: Group, error: &sqlx::Error) -> Held {
        refuse(group, &|verb| failure(verb, &self.table, error))
    }
}

fn refuse(group: Group, why: &dyn Fn(&'static str) -> StoreError) -> Held {
    for lane in group {
        lane.refuse(why);
    }
    None
}
