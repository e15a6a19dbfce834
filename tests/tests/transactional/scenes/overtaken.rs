//! The fenced commit of an attempt that was overtaken while it wrote. Not for a
//! database with one writer: there nobody can claim past an open transaction.

use idempotent_runtime::{Key, Scope, Transactional};

use super::Base;
use super::fenced::BOTH;
use super::service::Service;

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
