//! The suite fails where it should: stores that are broken in one way each,
//! and the cases that must notice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use idempotent_runtime::conformance::{Report, Suite};
use idempotent_runtime::outcome::{
    ClaimOutcome, Claimed, Completion, Ownership, Previous, Release,
};
use idempotent_runtime::record::{RecordId, RecordView};
use idempotent_runtime::store::{Claim, StoreFuture};
use idempotent_runtime::{Answer, Fence, Lease, MemoryStore, Store, Token, Ttl};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Broken {
    /// No store at all: every claim is claimed.
    ClaimsAll,
    /// Whoever completes is taken for the owner.
    IgnoresTokens,
    /// A claim that is sent again is another attempt's.
    ForgetsClaims,
    CutsAnswers,
    AnswersBatchesBackward,
    NeverTells,
    KeepsReleased,
    Panics,
}

struct BrokenStore {
    broken: Broken,
    memory: MemoryStore,
    owners: Mutex<HashMap<RecordId, (Token, Fence)>>,
}

impl Store for BrokenStore {
    fn claim<'a>(&'a self, claim: &'a Claim<'a>) -> StoreFuture<'a, ClaimOutcome> {
        StoreFuture::new(async move {
            if self.broken == Broken::ClaimsAll {
                let claimed = Claimed::new(Fence::new(1), Previous::None);
                return Ok(ClaimOutcome::Claimed(claimed));
            }
            let mut sent = claim.clone();
            if self.broken == Broken::ForgetsClaims {
                sent.token = Token::mint().expect("randomness");
            }
            let outcome = self.memory.claim(&sent).await?;
            if let ClaimOutcome::Claimed(claimed) = &outcome {
                let owner = (sent.token, claimed.fence);
                self.owners.lock().unwrap().insert(claim.id, owner);
            }
            Ok(outcome)
        })
    }

    fn extend<'a>(
        &'a self,
        leases: &'a [(RecordId, Token, Lease)],
    ) -> StoreFuture<'a, Vec<Ownership>> {
        StoreFuture::new(async move {
            let mut answers = self.memory.extend(leases).await?;
            if self.broken == Broken::AnswersBatchesBackward {
                answers.reverse();
            }
            Ok(answers)
        })
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
            let owner = self.owners.lock().unwrap().get(id).copied();
            let (token, fence) = match (self.broken, owner) {
                (Broken::IgnoresTokens | Broken::ForgetsClaims, Some(owner)) => owner,
                _ => (*token, fence),
            };
            let bytes = answer.as_bytes();
            let kept = match self.broken {
                Broken::CutsAnswers => bytes.len().min(65_535),
                _ => bytes.len(),
            };
            let answer = Answer::from_bytes(bytes.slice(..kept));
            self.memory.complete(id, &token, fence, &answer, ttl).await
        })
    }

    fn release<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        reason: Release,
    ) -> StoreFuture<'a, Ownership> {
        match self.broken {
            Broken::KeepsReleased => StoreFuture::ready(Ok(Ownership::Held)),
            _ => self.memory.release(id, token, reason),
        }
    }

    fn inspect<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<RecordView>> {
        assert!(self.broken != Broken::Panics, "a bug of the store");
        self.memory.inspect(id)
    }

    fn wait<'a>(&'a self, id: &'a RecordId, at_most: Duration) -> StoreFuture<'a, ()> {
        match self.broken {
            Broken::NeverTells => StoreFuture::new(async move {
                tokio::time::sleep(at_most).await;
                Ok(())
            }),
            _ => self.memory.wait(id, at_most),
        }
    }
}

async fn checked(broken: Broken) -> Report {
    let store = BrokenStore {
        broken,
        memory: MemoryStore::new(),
        owners: Mutex::default(),
    };
    Suite::new(Arc::new(store)).rounds(3).run().await
}

/// The broken promises, by their cases' names.
async fn noticed(broken: Broken, expected: &[&str]) {
    let report = checked(broken).await;
    let failed: Vec<_> = report.failures().map(|(case, _)| case.name).collect();
    println!(
        "{broken:?}: {} of {} cases fail",
        failed.len(),
        report.rows().len()
    );
    for name in expected {
        assert!(
            failed.contains(name),
            "{broken:?} passes \"{name}\"; {failed:?} fail"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn every_broken_store_is_noticed() {
    noticed(
        Broken::ClaimsAll,
        &[
            "a second claimant sees it running, its age and what remains",
            "a done record is changed by nothing",
            "of 16 claims of a fresh record one wins",
            "fences rise through takeover after takeover",
        ],
    )
    .await;
    noticed(
        Broken::IgnoresTokens,
        &[
            "a completion by a foreign token changes nothing",
            "a stale completion loses to a running attempt",
            "of two completions the owner's is stored",
        ],
    )
    .await;
    noticed(
        Broken::ForgetsClaims,
        &[
            "a first claim sent again gets the same answer",
            "16 copies of one claim get one answer",
        ],
    )
    .await;
    noticed(Broken::CutsAnswers, &["an answer of 1 MiB comes back"]).await;
    noticed(
        Broken::AnswersBatchesBackward,
        &["a batch of extensions is answered in order"],
    )
    .await;
    let waits = [
        "a wait ends with a completion",
        "a wait ends with a release",
    ];
    noticed(Broken::NeverTells, &waits).await;
    let release = "a release for a retry frees the record for any request";
    noticed(Broken::KeepsReleased, &[release]).await;
    noticed(Broken::Panics, &["a view of a done record"]).await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "an answer of 1 MiB comes back (invariants [3])")]
async fn what_is_broken_is_said_by_name_and_invariant() {
    checked(Broken::CutsAnswers).await.assert_passed();
}
