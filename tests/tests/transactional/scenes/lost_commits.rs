//! A commit without an acknowledgement is asked about, never guessed.

use super::Base;
use super::service::Service;
use crate::proxy::{Cut, Proxy};

#[tokio::test]
async fn a_commit_that_happened_is_answered_by_its_own_answer() {
    for uri in ["/pay", "/pay-fenced", "/pay-late"] {
        let base = Base::new().await;
        let proxy = Proxy::before(base.port()).await;
        let service = Service::of(base.store_at(proxy.port, 2));
        proxy.cut(Cut::After);
        let reply = service.ask(uri, "a", "pay").send().await;
        assert_eq!(reply.answer(), (200, "paid 1"), "{uri}");
        assert!(!reply.is_replay());
        let retry = service.ask(uri, "a", "pay").send().await;
        assert_eq!(retry.answer(), (200, "paid 1"), "{uri}");
        assert_eq!((base.effects("a").await, base.records().await), (1, 1));
        assert_eq!(service.gate.count(), 1);
    }
}

#[tokio::test]
async fn a_commit_that_never_came_is_told_and_left_nothing() {
    for uri in ["/pay", "/pay-fenced", "/pay-late"] {
        let base = Base::new().await;
        let proxy = Proxy::before(base.port()).await;
        let service = Service::of(base.store_at(proxy.port, 2));
        proxy.cut(Cut::Before);
        let reply = service.ask(uri, "a", "pay").send().await;
        assert_eq!(reply, (503, "transaction-failed"), "{uri}");
        assert_eq!(reply.header("retry-after"), Some("1"));
        assert_eq!(base.effects("a").await, 0);
        let retry = service.ask(uri, "a", "pay").send().await;
        assert_eq!(retry.answer(), (200, "paid 2"), "{uri}");
        assert_eq!((base.effects("a").await, base.records().await), (1, 1));
    }
}
