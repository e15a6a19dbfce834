//! A store that does what the memory store does, unless a test tells it to
//! fail, to be slow, or to lose its answers; and that counts its verbs. With
//! `IDEMPOTENT_TEST_STORE=none` it keeps nothing, to show that the tests notice.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use idempotent_runtime::outcome::{
    ClaimOutcome, Claimed, Completion, Operated, Ownership, Previous, Release,
};
use idempotent_runtime::record::{RecordId, RecordView};
use idempotent_runtime::store::{
    Capabilities, Claim, Listing, Page, StoreError, StoreFuture, StoreStats,
};
use idempotent_runtime::{Answer, Fence, Lease, MemoryStore, Step, Store, Token, Ttl};

use crate::script::Script;
use crate::{Fault, Verb};

/// The memory store behind a script.
#[derive(Debug, Clone)]
pub struct Scripted {
    memory: MemoryStore,
    script: Arc<Mutex<Script>>,
    keeps: bool,
}

impl Scripted {
    /// Over `memory`, without faults so far.
    pub fn new(memory: MemoryStore) -> Self {
        Self {
            memory,
            script: Arc::default(),
            keeps: std::env::var_os("IDEMPOTENT_TEST_STORE").is_none_or(|store| store != "none"),
        }
    }

    /// The next call of `verb` that has no fault yet gets this one.
    pub fn next(&self, verb: Verb, fault: Fault) {
        self.script().next.entry(verb).or_default().push_back(fault);
    }

    /// Every call of `verb` gets this fault, until [`Scripted::heal`].
    pub fn always(&self, verb: Verb, fault: Fault) {
        self.script().always.insert(verb, fault);
    }

    /// Every verb gets this fault, until [`Scripted::heal`].
    pub fn break_down(&self, fault: Fault) {
        use Verb::{Answer, Claim, Complete, Extend, Inspect, List, Release, Stats, Step, Wait};
        for verb in [
            Claim, Extend, Complete, Release, Inspect, Wait, Step, List, Stats, Answer,
        ] {
            self.always(verb, fault);
        }
    }

    /// No verb has a fault from now on.
    pub fn heal(&self) {
        let mut script = self.script();
        script.always.clear();
        script.next.clear();
    }

    /// How often `verb` was called.
    pub fn count(&self, verb: Verb) -> usize {
        self.script().counts.get(&verb).copied().unwrap_or(0)
    }

    /// The tokens of all claims, in order.
    pub fn tokens(&self) -> Vec<Token> {
        let script = self.script();
        script.claims.iter().map(|(_, token)| *token).collect()
    }

    /// The record of the last claim, as an operator sees it, whatever the
    /// script says.
    pub async fn last_record(&self) -> Option<RecordView> {
        let id = self.script().claims.last().expect("a claim").0;
        self.memory.inspect(&id).await.expect("a store in memory")
    }

    /// Whether no other handle of it is left.
    pub fn is_the_last(&self) -> bool {
        Arc::strong_count(&self.script) == 1
    }

    /// The store behind the script.
    pub fn memory(&self) -> &MemoryStore {
        &self.memory
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        Script::of(&self.script)
    }

    fn act<'a, T: Send + 'a>(
        &self,
        verb: Verb,
        act: impl FnOnce() -> StoreFuture<'a, T> + Send + 'a,
    ) -> StoreFuture<'a, T> {
        // As a client of a database, it does nothing before it is polled.
        let script = Arc::clone(&self.script);
        StoreFuture::new(async move {
            let fault = Script::of(&script).fault(verb);
            match fault {
                None => act().await,
                Some(Fault::Fail) => Err(lost()),
                Some(Fault::LoseAck) => act().await.and(Err(lost())),
                Some(Fault::Slow(time)) => {
                    tokio::time::sleep(time).await;
                    act().await
                }
                Some(Fault::SlowAck(time)) => {
                    let answer = act().await;
                    tokio::time::sleep(time).await;
                    answer
                }
                Some(Fault::Leak(secret)) => Err(StoreError::unavailable("scripted", secret)),
                Some(Fault::Hang) => std::future::pending().await,
                Some(Fault::Misconfigured) => Err(StoreError::Misconfigured {
                    what: "as the test says".into(),
                }),
            }
        })
    }
}

fn lost() -> StoreError {
    StoreError::unavailable("scripted", "as the test says")
}

impl Store for Scripted {
    fn claim<'a>(&'a self, claim: &'a Claim<'a>) -> StoreFuture<'a, ClaimOutcome> {
        self.script().claims.push((claim.id, claim.token));
        let first = Claimed::new(Fence::new(1), Previous::None);
        self.act(Verb::Claim, move || {
            if self.keeps {
                self.memory.claim(claim)
            } else {
                StoreFuture::ready(Ok(ClaimOutcome::Claimed(first)))
            }
        })
    }

    fn extend<'a>(
        &'a self,
        leases: &'a [(RecordId, Token, Lease)],
    ) -> StoreFuture<'a, Vec<Ownership>> {
        self.act(Verb::Extend, || self.memory.extend(leases))
    }

    fn complete<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        answer: &'a Answer,
        ttl: Ttl,
    ) -> StoreFuture<'a, Completion> {
        self.act(Verb::Complete, move || {
            if self.keeps {
                self.memory.complete(id, token, fence, answer, ttl)
            } else {
                StoreFuture::ready(Ok(Completion::Stored))
            }
        })
    }

    fn release<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        reason: Release,
    ) -> StoreFuture<'a, Ownership> {
        self.act(Verb::Release, move || {
            self.memory.release(id, token, reason)
        })
    }

    fn step<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        step: &'a Step,
    ) -> StoreFuture<'a, Ownership> {
        self.act(Verb::Step, move || self.memory.step(id, token, fence, step))
    }

    fn inspect<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<RecordView>> {
        self.act(Verb::Inspect, || self.memory.inspect(id))
    }

    fn wait<'a>(&'a self, id: &'a RecordId, at_most: Duration) -> StoreFuture<'a, ()> {
        self.act(Verb::Wait, move || self.memory.wait(id, at_most))
    }

    fn sweep(&self, limit: u32) -> StoreFuture<'_, u64> {
        self.memory.sweep(limit)
    }

    fn expire<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        self.memory.expire(id, fence)
    }

    fn forget<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        self.memory.forget(id, fence)
    }

    fn answer<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<Answer>> {
        self.act(Verb::Answer, || self.memory.answer(id))
    }

    fn list<'a>(&'a self, listing: &'a Listing) -> StoreFuture<'a, Page> {
        self.act(Verb::List, || self.memory.list(listing))
    }

    fn stats(&self) -> StoreFuture<'_, StoreStats> {
        self.act(Verb::Stats, || self.memory.stats())
    }

    fn capabilities(&self) -> Capabilities {
        self.memory.capabilities()
    }
}
