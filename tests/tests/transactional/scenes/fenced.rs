//! The fenced commit: the claim is committed first, and the effect only while
//! the claim holds.

use idempotent_runtime::{Key, Scope, Transactional};
use tests::seconds;
use tokio::time::timeout;

use super::Base;
use super::service::Service;

/// Both forms: the runtime's transaction, and the body's own.
const BOTH: [&str; 2] = ["/pay-fenced", "/pay-late"];

#[tokio::test]
async fn an_effect_and_its_answer_are_committed_once() {
    for uri in BOTH {
        let base = Base::new().await;
        let service = Service::new(&base, 3);
        let first = service.ask(uri, "a", "pay").send().await;
        assert_eq!(first.answer(), (200, "paid 1"), "{uri}");
        let retry = service.ask(uri, "a", "pay").send().await;
        assert_eq!(retry.answer(), (200, "paid 1"));
        assert!(retry.is_replay());
        assert_eq!((base.effects("a").await, base.records().await), (1, 1));
    }
}

#[tokio::test]
async fn a_refusal_is_kept_and_its_writes_are_not() {
    for uri in BOTH {
        let base = Base::new().await;
        let service = Service::new(&base, 3);
        let first = service.ask(uri, "a", "refuse").send().await;
        assert_eq!(first.answer(), (402, "refused 1"), "{uri}");
        assert!(service.ask(uri, "a", "refuse").send().await.is_replay());
        assert_eq!(base.effects("a").await, 0);
    }
}

#[tokio::test]
async fn what_is_not_final_leaves_no_effect_and_runs_again() {
    for uri in BOTH {
        let base = Base::new().await;
        let service = Service::new(&base, 3);
        assert_eq!(service.ask(uri, "a", "fail").send().await.status, 500);
        assert_eq!(
            service.ask(uri, "b", "panic").send().await,
            (500, "panicked")
        );
        assert_eq!(base.effects("a").await + base.effects("b").await, 0);
        let again = service.ask(uri, "a", "pay").send().await;
        assert_eq!(again.answer(), (200, "paid 3"), "{uri}");
        assert_eq!(base.effects("a").await, 1);
    }
}

#[tokio::test]
async fn a_failed_statement_or_commit_is_told_and_leaves_nothing() {
    for uri in BOTH {
        for then in ["swallow", "promise"] {
            let base = Base::new().await;
            let service = Service::new(&base, 3);
            let failed = service.ask(uri, "a", then).send().await;
            assert_eq!(failed, (503, "transaction-failed"), "{uri} {then}");
            assert_eq!(base.effects("a").await, 0);
            let again = service.ask(uri, "a", then).send().await;
            assert_eq!(again, (503, "transaction-failed"), "the key is free");
        }
    }
}

#[tokio::test]
async fn duplicates_see_the_claim_without_waiting() {
    for uri in BOTH {
        let base = Base::new().await;
        let (here, elsewhere) = (Service::new(&base, 3), Service::new(&base, 3));
        here.gate.close();
        let first = tokio::spawn(here.ask(uri, "a", "pay").send());
        here.gate.entered(1).await;
        for service in [&here, &elsewhere] {
            let duplicate = timeout(seconds(3), service.ask(uri, "a", "pay").send()).await;
            assert_eq!(duplicate.unwrap(), (409, "in-flight"), "{uri}");
            let other = service.ask(uri, "a", "refuse").send().await;
            assert_eq!(other, (422, "key-reused"), "its fingerprint is seen");
        }
        here.gate.open();
        assert_eq!(first.await.unwrap().answer(), (200, "paid 1"));
        assert_eq!(base.effects("a").await, 1);
    }
}

#[tokio::test]
async fn an_attempt_that_lost_its_claim_commits_nothing_and_gives_the_winners_answer() {
    for uri in BOTH {
        let base = Base::new().await;
        let (paused, winner) = (Service::new(&base, 3), Service::new(&base, 3));
        paused.gate.close();
        let first = tokio::spawn(paused.ask(uri, "a", "pay").send());
        paused.gate.entered(1).await;
        expire(&paused.transactional, uri, "a").await;
        winner.gate.close();
        let second = tokio::spawn(winner.ask(uri, "a", "pay").send());
        winner.gate.entered(1).await;
        // The winner's bodies count on: their answers differ.
        winner.gate.pass_by();
        winner.gate.open();
        let won = second.await.unwrap();
        assert_eq!(won.answer(), (200, "paid 2"), "{uri}");
        paused.gate.open();
        let lost = first.await.unwrap();
        assert_eq!(lost.answer(), (200, "paid 2"), "{uri}");
        assert!(lost.is_replay());
        assert_eq!(base.effects("a").await, 1);
    }
}

#[tokio::test]
async fn a_second_transaction_and_a_foreign_one_are_refused() {
    let base = Base::new().await;
    let service = Service::new(&base, 4);
    for uri in ["/begin-twice", "/begin-abroad", "/begin-inside"] {
        let refused = service.ask(uri, "a", "pay").send().await;
        assert_eq!(refused.answer(), (500, "misconfigured"), "{uri}");
    }
}

/// An operator ends the lease.
async fn expire(transactional: &Transactional<super::Store>, uri: &str, key: &str) {
    let idempotency = transactional.idempotency();
    let operation = super::service::operation(uri);
    let scope = Scope::of("alice").unwrap();
    let id = idempotency.record_id(operation, &scope, &Key::new(key).unwrap());
    let view = idempotency.inspect(&id).await.unwrap().expect("a record");
    let store = idempotency.store();
    store.expire(&id, view.fence).await.unwrap();
}
