//! An operator's figures: all records are counted where there are few, and a
//! sample of them where there are many.

use redis::RedisError;

use super::core::Core;
use super::failure::failure;
use super::link::Link;
use super::lists::Seen;
use crate::store::listing::Pace;
use crate::store::{Count, StoreError, StoreStats};

/// How many keys are a sample for the figures. Redis keeps keys by a hash with
/// a secret: the first ones of a scan are as good as drawn by lot.
const SAMPLE: usize = 2_000;

impl<L: Link> Core<L> {
    /// A scan of few keys counts all records; one of many tells what part of
    /// them is done and has expired, and nothing of the few that run.
    pub(super) async fn stats(&self) -> Result<StoreStats, StoreError> {
        let told = |error: RedisError| failure("stats", &error);
        let nodes = self.nodes().await.map_err(told)?;
        let (mut running, mut stuck) = (Some(0), Some(0));
        let (mut done, mut expired, mut is_exact) = (0, 0, true);
        let mut tempo = Pace::begin();
        for (_, node, keys) in &nodes.0 {
            let (mut cursor, mut looked, mut part) = (0, 0, Tally::default());
            loop {
                let step = self.scan(node, cursor).await.map_err(told)?;
                looked += step.ids.len().max(1);
                part.add(&self.see(node, &step, "stats").await?);
                cursor = step.next;
                if cursor == 0 || looked >= SAMPLE {
                    break;
                }
                tempo.rest().await;
            }
            if cursor == 0 {
                running = running.map(|running| running + part.running + part.stuck);
                stuck = stuck.map(|stuck| stuck + part.stuck);
                done += part.done;
                expired += part.expired;
            } else {
                (running, stuck, is_exact) = (None, None, false);
                let of_all = |count: u64| count * keys / (looked as u64);
                done += of_all(part.done);
                expired += of_all(part.expired);
            }
        }
        let count = |records| {
            if is_exact {
                Count::exact(records)
            } else {
                Count::about(records)
            }
        };
        Ok(StoreStats {
            running: running.map(Count::exact),
            stuck: stuck.map(Count::exact),
            done: Some(count(done)),
            expired: Some(count(expired)),
        })
    }
}

#[derive(Default)]
struct Tally {
    running: u64,
    stuck: u64,
    done: u64,
    expired: u64,
}

impl Tally {
    fn add(&mut self, seen: &Seen) {
        use crate::record::State::{Done, Free, Running, Stuck, Tombstone};
        for view in &seen.views {
            match view.as_ref().map(|view| view.state) {
                None => self.expired += 1,
                Some(Running { .. }) => self.running += 1,
                Some(Stuck) => self.stuck += 1,
                Some(Done | Tombstone) => self.done += 1,
                Some(Free(_)) => {}
            }
        }
    }
}
