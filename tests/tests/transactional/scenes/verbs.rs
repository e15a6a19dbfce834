//! The record's verbs inside a transaction, against every state that an attempt
//! with a lease may have left.

use std::time::Duration;

use idempotent_runtime::Fingerprint;
use idempotent_runtime::outcome::{
    ClaimOutcome, Claimed, Completion, Ownership, Previous, Release, Winner,
};
use idempotent_runtime::store::transaction::{BODY, ClaimedWithin, Statement, Turn, Whose};
use idempotent_runtime::store::{Claim, Records, Session, Store as _, TransactionalStore};
use tokio::time::sleep;

use super::{Base, Store, Tx};
use crate::records::{answer, claim_of, claimed, done, fresh, lease, ttl};

/// An open transaction.
struct Open {
    tx: Tx<'static>,
    _turn: Turn,
}

async fn open(store: &Store) -> Open {
    let turn = store.turn().await.unwrap();
    let tx = store.begin().await.unwrap();
    Open { tx, _turn: turn }
}

impl Open {
    async fn claim(&mut self, store: &Store, claim: &Claim<'_>) -> ClaimOutcome {
        let asked = store.claim_within(&mut self.tx, claim, Whose::Ours);
        match asked.await.unwrap() {
            ClaimedWithin::Outcome(outcome) => outcome,
            other => panic!("nobody else is at it: {other:?}"),
        }
    }

    async fn claimed(&mut self, store: &Store, claim: &Claim<'_>) -> Claimed {
        match self.claim(store, claim).await {
            ClaimOutcome::Claimed(claimed) => claimed,
            other => panic!("not claimed: {other:?}"),
        }
    }

    async fn record(&mut self, store: &Store, claim: &Claim<'_>, fence: &Claimed, text: &str) {
        let answer = answer(text);
        let record = store.record_within(&mut self.tx, claim, fence.fence, &answer);
        assert_eq!(record.await.unwrap(), Ownership::Held);
    }
}

/// The turn is over when the transaction is.
impl Open {
    async fn commit(self, store: &Store) {
        store.commit(self.tx).await.unwrap();
    }

    async fn roll_back(self, store: &Store) {
        store.roll_back(self.tx).await.unwrap();
    }
}

fn another(fingerprint: &str) -> Fingerprint {
    Fingerprint::of(&fingerprint).unwrap()
}

/// What an attempt with a lease left, by a name.
async fn left(store: &Store, what: &str) -> (Claim<'static>, Option<Claimed>) {
    let mut claim = fresh();
    if what == "nothing" {
        return (claim, None);
    }
    match what {
        "stuck" => claim.lease = lease(10),
        "expired" => claim.ttl = ttl(20),
        _ => {}
    }
    let before = claimed(store, &claim).await;
    let release = |reason| store.release(&claim.id, &claim.token, reason);
    let complete = async || {
        let first = answer("first");
        let (token, fence) = (&claim.token, before.fence);
        store
            .complete(&claim.id, token, fence, &first, claim.ttl)
            .await
            .unwrap();
    };
    match what {
        "released" => drop(release(Release::Retry).await.unwrap()),
        "interrupted" => drop(release(Release::Interrupted).await.unwrap()),
        "stuck" => sleep(Duration::from_millis(30)).await,
        "done" => complete().await,
        "expired" => {
            complete().await;
            sleep(Duration::from_millis(40)).await;
        }
        "running" => {}
        other => panic!("{other}"),
    }
    (claim, Some(before))
}

#[tokio::test]
async fn what_was_left_for_a_rerun_is_claimed_and_recorded() {
    let base = Base::new().await;
    let store = base.store(2);
    for (what, previous) in [
        ("nothing", Previous::None),
        ("released", Previous::Released),
        ("interrupted", Previous::Interrupted),
        ("stuck", Previous::TakenOver),
        ("expired", Previous::None),
    ] {
        let (left, before) = left(&store, what).await;
        let claim = claim_of(left.id);
        let mut open = open(&store).await;
        let claimed = open.claimed(&store, &claim).await;
        if what == "expired" {
            let same = matches!(
                claimed.previous,
                Previous::Expired { same_fingerprint: true, ago } if ago >= Duration::from_millis(15)
            );
            assert!(same, "{claimed:?}");
        } else {
            assert_eq!(claimed.previous, previous, "{what}");
        }
        if let Some(before) = before {
            assert!(claimed.fence > before.fence, "{what}");
        }
        open.record(&store, &claim, &claimed, what).await;
        open.commit(&store).await;
        assert_eq!(done(&store, &claim_of(left.id)).await.answer, answer(what));
        let view = store.inspect(&left.id).await.unwrap().expect("a record");
        assert_eq!(view.fence, claimed.fence, "{what}");
        assert_eq!(view.owner, "tests");
    }
}

#[tokio::test]
async fn what_is_anothers_is_told() {
    let base = Base::new().await;
    let store = base.store(2);
    for (what, fingerprint) in [
        ("running", Fingerprint::none()),
        ("running", another("b")),
        ("interrupted", another("b")),
        ("stuck", another("b")),
    ] {
        let (left, _) = left(&store, what).await;
        let mut claim = claim_of(left.id);
        claim.fingerprint = fingerprint;
        let mut open = open(&store).await;
        let told = open.claim(&store, &claim).await;
        let ClaimOutcome::Running(running) = told else {
            panic!("{what}: {told:?}");
        };
        assert_eq!(running.fingerprint, left.fingerprint, "{what}");
        assert!(running.remaining <= left.lease.duration());
        open.roll_back(&store).await;
    }
}

#[tokio::test]
async fn a_finished_record_is_given_and_a_released_one_is_free_for_any_request() {
    let base = Base::new().await;
    let store = base.store(2);
    let (first, _) = left(&store, "done").await;
    let mut claim = claim_of(first.id);
    claim.fingerprint = another("b");
    let mut finished = open(&store).await;
    let told = finished.claim(&store, &claim).await;
    let ClaimOutcome::Done(done) = told else {
        panic!("{told:?}");
    };
    assert_eq!(
        (done.answer, done.fingerprint),
        (answer("first"), first.fingerprint)
    );
    finished.roll_back(&store).await;

    let (released, _) = left(&store, "released").await;
    let mut claim = claim_of(released.id);
    claim.fingerprint = another("b");
    let mut free = open(&store).await;
    free.claimed(&store, &claim).await;
    free.roll_back(&store).await;
}

#[tokio::test]
async fn a_rollback_leaves_the_record_as_it_was_found() {
    let base = Base::new().await;
    let store = base.store(2);
    let (left, before) = left(&store, "interrupted").await;
    let was = store.inspect(&left.id).await.unwrap().expect("a record");
    let claim = claim_of(left.id);
    let mut open = open(&store).await;
    let claimed = open.claimed(&store, &claim).await;
    open.record(&store, &claim, &claimed, "never").await;
    open.roll_back(&store).await;
    let is = store.inspect(&left.id).await.unwrap().expect("a record");
    assert_eq!(
        (is.state, is.fence, is.attempts),
        (was.state, was.fence, was.attempts)
    );
    assert_eq!(Some(is.fence), before.map(|before| before.fence));
}

#[tokio::test]
async fn after_a_rollback_to_the_bodys_savepoint_the_answer_is_recorded() {
    let base = Base::new().await;
    let store = base.store(2);
    let claim = fresh();
    let mut open = open(&store).await;
    let claimed = open.claimed(&store, &claim).await;
    super::effect(&mut open.tx, "undone").await.unwrap();
    let undo = Statement::new("undo", format!("ROLLBACK TO SAVEPOINT {BODY}"));
    open.tx.row(undo).await.unwrap();
    open.record(&store, &claim, &claimed, "refused").await;
    open.commit(&store).await;
    assert_eq!(
        done(&store, &claim_of(claim.id)).await.answer,
        answer("refused")
    );
    assert_eq!(base.effects("undone").await, 0);
}

#[tokio::test]
async fn a_completion_within_is_by_token_and_fence() {
    let base = Base::new().await;
    let store = base.store(2);
    let (mine, before) = left(&store, "stuck").await;
    let old = before.expect("a claim").fence;
    let theirs = claim_of(mine.id);
    let new = claimed(&store, &theirs).await.fence;
    let text = answer("mine");
    for (token, fence, completion) in [
        (&mine.token, old, Completion::Lost(Winner::Running)),
        (&theirs.token, old, Completion::Lost(Winner::Running)),
        (&theirs.token, new, Completion::Stored),
        (&mine.token, old, Completion::Lost(Winner::Done)),
    ] {
        let mut open = open(&store).await;
        let complete =
            store.complete_within(&mut open.tx, &mine.id, token, fence, &text, theirs.ttl);
        assert_eq!(complete.await.unwrap(), completion);
        open.commit(&store).await;
    }
    assert_eq!(done(&store, &claim_of(mine.id)).await.answer, text);
    let (nobody, mut open) = (fresh(), open(&store).await);
    let (id, token) = (&nobody.id, &nobody.token);
    let complete = store.complete_within(&mut open.tx, id, token, new, &text, nobody.ttl);
    assert_eq!(complete.await.unwrap(), Completion::Lost(Winner::None));
}
