//! The fenced commit: the claim is committed first, and the effect only while
//! the claim holds.

use tests::seconds;
use tokio::time::timeout;

use super::Base;
use super::service::Service;

/// Both forms: the runtime's transaction, and the body's own.
pub(crate) const BOTH: [&str; 2] = ["/pay-fenced", "/pay-late"];

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
async fn a_second_transaction_and_a_foreign_one_are_refused() {
    let base = Base::new().await;
    let service = Service::new(&base, 4);
    for uri in ["/begin-twice", "/begin-abroad", "/begin-inside"] {
        let refused = service.ask(uri, "a", "pay").send().await;
        assert_eq!(refused.answer(), (500, "misconfigured"), "{uri}");
    }
}
