//! Two memory stores on one paused clock, one of them behind a small near
//! cache, are asked the same at random: they answer the same.

use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Release};
use idempotent_runtime::store::{Cached, Claim};
use idempotent_runtime::{Answer, Fence, Lease, MemoryStore, Store, Ttl};
use tests::{millis, seconds};

use crate::{answer, claim, fingerprint};

/// Few records, so that they meet; small, so that some are evicted.
const RECORDS: u64 = 12;
const MAX_BYTES: usize = 6_000;

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % bound
    }

    fn index(&mut self, bound: usize) -> usize {
        usize::try_from(self.below(bound as u64)).unwrap()
    }
}

/// An attempt, with its fence in either store.
#[derive(Clone)]
struct Attempt {
    claim: Claim<'static>,
    fences: [Fence; 2],
}

enum Step {
    Claim(Claim<'static>),
    Complete(Attempt, Answer, Ttl),
    Release(Attempt, Release),
    Forget(Attempt),
    Sleep(Duration),
}

#[tokio::test(start_paused = true)]
async fn a_near_cache_makes_no_difference() {
    let mut hits = 0;
    for seed in 0..200 {
        let cached = Cached::new(MemoryStore::new(), MAX_BYTES);
        walk(seed, [&MemoryStore::new(), &cached]).await;
        hits += cached.usage().hits;
    }
    assert!(hits > 5_000, "only {hits} replays came from memory");
}

async fn walk(seed: u64, stores: [&dyn Store; 2]) {
    let mut random = Random(seed);
    let mut attempts = Vec::new();
    for number in 0..400 {
        let step = step(&mut random, &attempts);
        let (plain, first) = take(&step, stores[0], 0).await;
        let (cached, second) = take(&step, stores[1], 1).await;
        assert_eq!(plain, cached, "seed {seed}, step {number}");
        if let (Step::Claim(claim), Some(first), Some(second)) = (step, first, second) {
            let fences = [first, second];
            attempts.push(Attempt { claim, fences });
        }
    }
}

/// What the store says, and the fence that it gives.
async fn take(step: &Step, store: &dyn Store, which: usize) -> (String, Option<Fence>) {
    let said = match step {
        Step::Claim(claim) => return essence(store.claim(claim).await.unwrap()),
        Step::Complete(Attempt { claim, fences }, answer, ttl) => {
            let completion = store.complete(&claim.id, &claim.token, fences[which], answer, *ttl);
            format!("{:?}", completion.await)
        }
        Step::Release(Attempt { claim, .. }, reason) => {
            let release = store.release(&claim.id, &claim.token, *reason);
            format!("{:?}", release.await)
        }
        Step::Forget(Attempt { claim, fences }) => {
            format!("{:?}", store.forget(&claim.id, fences[which]).await)
        }
        // Once for both.
        Step::Sleep(time) => {
            tokio::time::sleep(*time / 2).await;
            String::new()
        }
    };
    (said, None)
}

/// What must be equal. The stores' clocks began at different times, so that
/// fences differ; and a cache that has lost sight of an attempt counts its
/// answer's age from when its claim was sent again.
fn essence(mut outcome: ClaimOutcome) -> (String, Option<Fence>) {
    match &mut outcome {
        ClaimOutcome::Claimed(claimed) => {
            return (format!("{:?}", claimed.previous), Some(claimed.fence));
        }
        ClaimOutcome::Done(done) => done.age = Duration::ZERO,
        _ => {}
    }
    (format!("{outcome:?}"), None)
}

fn step(random: &mut Random, attempts: &[Attempt]) -> Step {
    let recent = &attempts[attempts.len().saturating_sub(8)..];
    let attempt = recent.get(random.index(recent.len() + 1)).cloned();
    match (random.below(10), attempt) {
        (0..=2, Some(attempt)) => {
            let (answer, ttl) = (random_answer(random), random_ttl(random));
            Step::Complete(attempt, answer, ttl)
        }
        (3, Some(attempt)) => {
            let reasons = [Release::Retry, Release::Interrupted];
            Step::Release(attempt, reasons[random.index(2)])
        }
        (4, Some(attempt)) => Step::Forget(attempt),
        (5, Some(attempt)) => Step::Claim(attempt.claim),
        (6, _) => {
            let times = [millis(2), seconds(1), seconds(20), seconds(70)];
            Step::Sleep(times[random.index(4)])
        }
        _ => Step::Claim(random_claim(random)),
    }
}

fn random_claim(random: &mut Random) -> Claim<'static> {
    let mut claim = claim(random.below(RECORDS));
    claim.fingerprint = fingerprint(u8::from(random.below(5) == 0));
    claim.lease = Lease::new(Duration::from_secs(1 + random.below(30))).unwrap();
    claim.ttl = random_ttl(random);
    claim.trace = (random.below(2) == 0).then_some([9; 25]);
    claim
}

fn random_ttl(random: &mut Random) -> Ttl {
    Ttl::new(Duration::from_secs(1 + random.below(300))).unwrap()
}

fn random_answer(random: &mut Random) -> Answer {
    let text = random.below(1_000_000).to_string();
    answer(&text.repeat(1 + random.index(60)))
}
