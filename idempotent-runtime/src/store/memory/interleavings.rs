//! Threads that meet in the memory store, in every order that shuttle finds
//! (invariants 1, 2, 3, 10 and 12). `IDEMPOTENT_SOAK_SHUTTLE` says how many
//! orders are tried where they are too many for all of them.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use shuttle::scheduler::{DfsScheduler, PctScheduler, RandomScheduler};
use shuttle::{Config, Runner, thread};

use super::MemoryStore;
use crate::answer::Answer;
use crate::lease::{Fence, Token};
use crate::outcome::{ClaimOutcome, Claimed, Completion, Operated, Winner};
use crate::record::{RecordId, ScopeDigest};
use crate::scope::Scope;
use crate::store::{Claim, Store, StoreError, StoreFuture};

fn rounds() -> usize {
    std::env::var("IDEMPOTENT_SOAK_SHUTTLE")
        .map_or(500, |rounds| rounds.parse().expect("a number of rounds"))
}

/// Tries random orders, and orders with few preemptions at bad moments.
fn explore(scene: impl Fn() + Send + Sync + Clone + 'static) {
    let random = RandomScheduler::new(rounds());
    Runner::new(random, Config::default()).run(scene.clone());
    let preempting = PctScheduler::new(3, rounds());
    Runner::new(preempting, Config::default()).run(scene);
}

/// The memory store's verbs never wait.
fn now<T>(verb: StoreFuture<'_, T>) -> Result<T, StoreError> {
    verb.into_ready().expect("a verb that is known at once")
}

fn claim(id: u8, token: u8) -> Claim<'static> {
    let id = RecordId::from_bytes([id; RecordId::BYTES]);
    let scope = ScopeDigest::of(&Scope::public());
    Claim::new(id, "test", scope, Token::from_bytes([token; Token::BYTES]))
}

fn claimed(store: &MemoryStore, claim: &Claim<'_>) -> Option<Claimed> {
    match now(store.claim(claim)).expect("room") {
        ClaimOutcome::Claimed(claimed) => Some(claimed),
        _ => None,
    }
}

fn complete(store: &MemoryStore, claim: &Claim<'_>, fence: Fence) -> Completion {
    let answer = Answer::from_bytes(vec![2; 10]);
    now(store.complete(&claim.id, &claim.token, fence, &answer, claim.ttl)).expect("an answer")
}

#[test]
fn of_two_claimants_one_wins_in_every_order() {
    let orders = Runner::new(DfsScheduler::new(None, false), Config::default()).run(|| {
        let store = MemoryStore::new();
        let rival = store.clone();
        let rival = thread::spawn(move || claimed(&rival, &claim(1, 2)).is_some());
        let won = claimed(&store, &claim(1, 1)).is_some();
        assert!(won != rival.join().unwrap(), "both won, or neither");
        assert_eq!(store.len(), 1);
    });
    println!("{orders} orders of two claims");
    assert!(orders > 10, "only {orders} orders: nothing was interleaved");
}

#[test]
fn one_attempt_meets_itself_and_stays_one() {
    explore(|| {
        let store = Arc::new(MemoryStore::new());
        let twin = Arc::clone(&store);
        let twin = thread::spawn(move || claimed(&twin, &claim(1, 1)));
        let own = claimed(&store, &claim(1, 1));
        assert!(own.is_some());
        assert_eq!(
            own,
            twin.join().unwrap(),
            "the same answer to the same claim"
        );
    });
}

#[test]
fn a_late_completion_meets_two_takeovers() {
    explore(|| {
        let store = MemoryStore::new();
        let late = claim(1, 1);
        let fence = claimed(&store, &late).expect("a first claim").fence;
        assert_eq!(
            now(store.expire(&late.id, fence)).unwrap(),
            Operated::Applied
        );
        let rivals = [2, 3].map(|token| {
            let store = store.clone();
            thread::spawn(move || claimed(&store, &claim(1, token)))
        });
        let completion = complete(&store, &late, fence);
        let winners: Vec<_> = rivals
            .into_iter()
            .filter_map(|rival| rival.join().unwrap())
            .collect();
        match completion {
            Completion::Stored => assert_eq!(winners, [], "a takeover of a done record"),
            Completion::Lost(winner) => {
                assert_eq!(winner, Winner::Running);
                assert_eq!(winners.len(), 1, "takeovers of one lapsed attempt");
                assert!(winners[0].fence > fence);
            }
        }
    });
}

#[test]
fn every_claim_of_many_scenes_keeps_the_bounds() {
    explore(|| {
        let bounded = MemoryStore::builder().max_records(3).quota_per_scope(2);
        let store = bounded.build();
        let claimants = [1, 2, 3, 4].map(|id| {
            let store = store.clone();
            thread::spawn(move || {
                let mut claim = claim(id, id);
                let scope = Scope::of(&(id % 2)).expect("a scope");
                claim.scope = ScopeDigest::of(&scope);
                // A scope of its own for one of them: the whole is full first.
                claim.quota = (id == 4).then_some(1);
                now(store.claim(&claim)).map(|_| id)
            })
        });
        let claimed: Vec<_> = claimants
            .into_iter()
            .filter_map(|claimant| claimant.join().unwrap().ok())
            .collect();
        assert!(claimed.len() <= 3, "{claimed:?} were claimed, of at most 3");
        assert_eq!(store.len(), claimed.len(), "records and claims");
    });
}

#[test]
fn an_answer_that_is_forgotten_leaves_no_bytes_behind() {
    explore(|| {
        let store = MemoryStore::new();
        let one = claim(1, 1);
        let fence = claimed(&store, &one).expect("a first claim").fence;
        let forgetting = store.clone();
        let forgetting = thread::spawn(move || now(forgetting.forget(&one.id, fence)).unwrap());
        let rival = store.clone();
        let rival = thread::spawn(move || claimed(&rival, &claim(1, 2)));
        let completion = complete(&store, &claim(1, 1), fence);
        assert_eq!(
            completion,
            Completion::Stored,
            "nobody may take a live lease"
        );
        let forgotten = forgetting.join().unwrap() == Operated::Applied;
        let again = rival.join().unwrap();
        assert!(forgotten || again.is_none(), "a claim of a done record");
        assert!(
            again.is_none_or(|again| again.fence > fence),
            "the fence does not rise"
        );
        let bytes = if forgotten { 0 } else { 10 };
        assert_eq!(store.shared.bounds.bytes.load(Relaxed), bytes);
    });
}
