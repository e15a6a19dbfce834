//! What a node's store and a cluster's have in common: the connection, the
//! prefix, and how a script is run in one round trip.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use redis::{RedisError, RedisResult, Value};

use super::link::Link;
use super::prefix::Prefix;
use super::script::{Age, Call, Script, is_too_modern, is_unknown};
use super::waiting::Waiting;

pub(super) struct Core<L: Link> {
    pub(super) link: L,
    pub(super) prefix: Prefix,
    pub(super) waiting: Arc<Waiting<L::Listener>>,
    /// Whether a server did not know the flags of a script.
    older: Arc<AtomicBool>,
}

// By hand, as a listener need not be `Clone`.
impl<L: Link> Clone for Core<L> {
    fn clone(&self) -> Self {
        Self {
            link: self.link.clone(),
            prefix: self.prefix.clone(),
            waiting: Arc::clone(&self.waiting),
            older: Arc::clone(&self.older),
        }
    }
}

/// So many leases are renewed at a time: a server is busy with them for some
/// hundredths of a second.
const BATCH: usize = 1_000;

impl<L: Link> Core<L> {
    pub(super) fn new(link: L) -> Self {
        Self {
            link,
            prefix: Prefix::default(),
            waiting: Waiting::new(None),
            older: Arc::default(),
        }
    }

    /// Lets waiting duplicates be told.
    pub(super) fn listen(&mut self, listener: L::Listener) {
        self.waiting = Waiting::new(Some(listener));
    }

    /// Runs a script on one record: one round trip, but for the first time
    /// after a restart.
    pub(super) async fn run(
        &self,
        script: &Script,
        key: &[u8],
        arguments: &[&[u8]],
    ) -> RedisResult<Value> {
        let call = Call {
            script,
            key,
            arguments,
        };
        match self.link.send(&call.by_digest(self.age())).await {
            Err(error) if is_unknown(&error) => {
                let mut replies = [Err(error)];
                self.send_again(&[call], &mut replies).await;
                let [reply] = replies;
                reply
            }
            reply => reply,
        }
    }

    /// Runs each of many calls; one round trip for some hundreds of them.
    pub(super) async fn run_all(&self, calls: &[Call<'_>]) -> Vec<RedisResult<Value>> {
        let mut all = Vec::with_capacity(calls.len());
        for batch in calls.chunks(BATCH) {
            let commands = batch.iter().map(|call| call.by_digest(self.age()));
            let mut replies = self.link.send_all(commands.collect()).await;
            self.send_again(batch, &mut replies).await;
            all.extend(replies);
        }
        all
    }

    /// Sends those again whose script a server did not know, whole, and once
    /// more without flags where it did not know those. The others have run.
    async fn send_again(&self, calls: &[Call<'_>], replies: &mut [RedisResult<Value>]) {
        for _ in 0..2 {
            let refused = |reply: &RedisResult<Value>, by: fn(&RedisError) -> bool| {
                reply.as_ref().is_err_and(by)
            };
            if replies.iter().any(|reply| refused(reply, is_too_modern)) {
                self.older.store(true, Relaxed);
            }
            let places: Vec<usize> = (0..replies.len())
                .filter(|place| {
                    let reply = &replies[*place];
                    refused(reply, is_unknown) || refused(reply, is_too_modern)
                })
                .collect();
            if places.is_empty() {
                return;
            }
            let commands = places.iter().map(|place| calls[*place].whole(self.age()));
            let sent = self.link.send_all(commands.collect()).await;
            for (place, reply) in places.into_iter().zip(sent) {
                replies[place] = reply;
            }
        }
    }

    pub(super) fn age(&self) -> Age {
        if self.older.load(Relaxed) {
            Age::Older
        } else {
            Age::Modern
        }
    }
}
