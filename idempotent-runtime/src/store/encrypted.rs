#![doc = include_str!("../../docs/encryption.md")]

mod keyring;
mod seal;
mod steps;
mod within;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use self::keyring::{KeyIdTaken, Keyring};

use super::{Capabilities, Claim, Listing, Page, Store, StoreError, StoreFuture, StoreStats};
use crate::answer::{Answer, AnswerKind};
use crate::lease::{Fence, Lease, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Operated, Ownership, Release};
use crate::record::{RecordId, RecordView, State};
use crate::step::Step;

/// A [`Store`] that seals the answers that it keeps in another one.
///
/// ```
/// use idempotent_runtime::store::{Encrypted, Keyring};
/// use idempotent_runtime::{Idempotency, MemoryStore};
///
/// # fn key_from_your_vault(_: &str) -> [u8; 32] { [7; 32] }
/// let ring = Keyring::new(2, &key_from_your_vault("idempotency/2"))
///     .and(1, &key_from_your_vault("idempotency/1"))?;
/// let store = Encrypted::new(MemoryStore::new(), ring);
/// let idempotency = Idempotency::builder(store).near_cache(64 << 20).build();
/// # Ok::<(), idempotent_runtime::store::KeyIdTaken>(())
/// ```
pub struct Encrypted<S: ?Sized = dyn Store> {
    ring: Arc<Keyring>,
    unsealed: Unsealed,
    store: Arc<S>,
}

/// What becomes of answers without a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Unsealed {
    /// None is read: who can write to the store can write answers without a
    /// seal.
    #[default]
    Refused,
    /// They are read, and none is written: while a store still has them from
    /// before.
    Read,
    /// They are read and written; sealed ones are read. The first step of a
    /// fleet that begins to seal, so that each process can read what the next
    /// step's will write.
    Written,
}

impl<S: Store> Encrypted<S> {
    /// Seals with the first key of `ring`, opens with any, and refuses what
    /// is not sealed.
    pub fn new(store: S, ring: Keyring) -> Self {
        Self::over(Arc::new(store), ring)
    }
}

impl<S: Store + ?Sized> Encrypted<S> {
    /// The same, over a store that is shared.
    pub fn over(store: Arc<S>, ring: Keyring) -> Self {
        Self {
            ring: Arc::new(ring),
            unsealed: Unsealed::Refused,
            store,
        }
    }

    /// What becomes of answers without a seal; [`Unsealed::Refused`] by
    /// default.
    pub fn unsealed(mut self, unsealed: Unsealed) -> Self {
        self.unsealed = unsealed;
        self
    }

    /// The store behind it.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// What the store is to keep. A tombstone says only why there is no
    /// answer, and stays as it is, so that views can tell it.
    fn sealed(&self, id: &RecordId, answer: &Answer) -> Result<Answer, StoreError> {
        let plain = self.unsealed == Unsealed::Written;
        match answer.kind() {
            Some(AnswerKind::Tombstone) => Ok(answer.clone()),
            _ if plain => Ok(answer.clone()),
            _ => self.ring.seal(id, answer),
        }
    }

    /// Where every answer is sealed, its own size is known.
    fn measure(&self, view: &mut RecordView) {
        if view.state == State::Done && self.unsealed == Unsealed::Refused {
            let own = |bytes: u64| bytes.saturating_sub(seal::BYTES as u64);
            view.answer_bytes = view.answer_bytes.map(own);
        }
    }

    /// What the store kept.
    fn opened(&self, id: &RecordId, answer: &Answer) -> Result<Answer, StoreError> {
        match answer.kind() {
            Some(AnswerKind::Tombstone) => Ok(answer.clone()),
            Some(AnswerKind::Sealed) => self.ring.open(id, answer),
            _ if self.unsealed != Unsealed::Refused => Ok(answer.clone()),
            _ => Err(StoreError::Corrupt {
                what: format!(
                    "the answer of record {id} has no seal; if it is older than the sealing, \
                     read it with `Unsealed::Read` until the longest ttl is over"
                ),
            }),
        }
    }
}

impl<S: ?Sized> Clone for Encrypted<S> {
    fn clone(&self) -> Self {
        Self {
            ring: Arc::clone(&self.ring),
            unsealed: self.unsealed,
            store: Arc::clone(&self.store),
        }
    }
}

impl<S: ?Sized> fmt::Debug for Encrypted<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encrypted")
            .field("ring", &self.ring)
            .field("unsealed", &self.unsealed)
            .finish_non_exhaustive()
    }
}

impl<S: Store + ?Sized> Store for Encrypted<S> {
    fn claim<'a>(&'a self, claim: &'a Claim<'a>) -> StoreFuture<'a, ClaimOutcome> {
        StoreFuture::new(async move {
            let mut outcome = self.store.claim(claim).await?;
            match &mut outcome {
                ClaimOutcome::Done(done) => done.answer = self.opened(&claim.id, &done.answer)?,
                ClaimOutcome::Claimed(claimed) if !claimed.steps.is_empty() => {
                    claimed.steps = self.opened_steps(&claim.id, &claimed.steps)?;
                }
                ClaimOutcome::Claimed(_) | ClaimOutcome::Running(_) => {}
            }
            Ok(outcome)
        })
    }

    fn extend<'a>(
        &'a self,
        leases: &'a [(RecordId, Token, Lease)],
    ) -> StoreFuture<'a, Vec<Ownership>> {
        self.store.extend(leases)
    }

    fn complete<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        answer: &'a Answer,
        ttl: Ttl,
    ) -> StoreFuture<'a, Completion> {
        StoreFuture::new(async move {
            let sealed = self.sealed(id, answer)?;
            self.store.complete(id, token, fence, &sealed, ttl).await
        })
    }

    fn release<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        reason: Release,
    ) -> StoreFuture<'a, Ownership> {
        self.store.release(id, token, reason)
    }

    fn step<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        step: &'a Step,
    ) -> StoreFuture<'a, Ownership> {
        StoreFuture::new(async move {
            let sealed = self.sealed_step(id, step)?;
            self.store.step(id, token, fence, &sealed).await
        })
    }

    fn inspect<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<RecordView>> {
        StoreFuture::new(async move {
            let mut view = self.store.inspect(id).await?;
            if let Some(view) = &mut view {
                self.measure(view);
            }
            Ok(view)
        })
    }

    fn wait<'a>(&'a self, id: &'a RecordId, at_most: Duration) -> StoreFuture<'a, ()> {
        self.store.wait(id, at_most)
    }

    fn sweep(&self, limit: u32) -> StoreFuture<'_, u64> {
        self.store.sweep(limit)
    }

    fn expire<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        self.store.expire(id, fence)
    }

    fn forget<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        self.store.forget(id, fence)
    }

    fn answer<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<Answer>> {
        StoreFuture::new(async move {
            let sealed = self.store.answer(id).await?;
            sealed.map(|sealed| self.opened(id, &sealed)).transpose()
        })
    }

    fn list<'a>(&'a self, listing: &'a Listing) -> StoreFuture<'a, Page> {
        StoreFuture::new(async move {
            let mut page = self.store.list(listing).await?;
            for view in &mut page.records {
                self.measure(view);
            }
            Ok(page)
        })
    }

    fn stats(&self) -> StoreFuture<'_, StoreStats> {
        self.store.stats()
    }

    fn kind(&self) -> crate::store::StoreKind {
        self.store.kind()
    }

    fn capabilities(&self) -> Capabilities {
        self.store.capabilities()
    }
}
