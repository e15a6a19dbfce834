//! Duplicates while the first transaction is open: of this process without a
//! connection, of another one without waiting for its row.

use std::time::Duration;

use tests::seconds;
use tokio::time::timeout;

use super::service::Service;
use super::{Base, TOLD_ELSEWHERE};

#[tokio::test]
async fn a_duplicate_is_told_at_once_here_and_elsewhere() {
    let base = Base::new().await;
    let (here, elsewhere) = (Service::new(&base, 1), Service::new(&base, 1));
    here.gate.close();
    let first = tokio::spawn(here.pay("a", "pay").send());
    here.gate.entered(1).await;
    let elsewhere_too = TOLD_ELSEWHERE.then_some(&elsewhere);
    for service in [Some(&here), elsewhere_too].into_iter().flatten() {
        let duplicate = timeout(seconds(3), service.pay("a", "pay").send()).await;
        let duplicate = duplicate.expect("it does not wait for the first one's end");
        assert_eq!(duplicate, (409, "in-flight"));
        assert_eq!(duplicate.header("retry-after"), Some("1"));
    }
    here.gate.open();
    assert_eq!(first.await.unwrap().answer(), (200, "paid 1"));
    assert!(elsewhere.pay("a", "pay").send().await.is_replay());
    assert_eq!(base.effects("a").await, 1);
}

#[tokio::test]
async fn a_duplicate_that_waits_gets_the_answer_here_and_elsewhere() {
    let base = Base::new().await;
    let (here, elsewhere) = (Service::new(&base, 1), Service::new(&base, 1));
    let ask = |service: &Service| service.ask("/pay-waiting", "a", "pay").send();
    here.gate.close();
    let first = tokio::spawn(ask(&here));
    here.gate.entered(1).await;
    let waiting: Vec<_> = [&here, &here, &elsewhere, &elsewhere]
        .map(|service| tokio::spawn(ask(service)))
        .into();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(waiting.iter().all(|waiting| !waiting.is_finished()));
    here.gate.open();
    assert_eq!(first.await.unwrap().answer(), (200, "paid 1"));
    for waiting in waiting {
        let reply = waiting.await.unwrap();
        assert_eq!(reply.answer(), (200, "paid 1"));
        assert!(reply.is_replay());
    }
    assert_eq!(base.effects("a").await, 1);
}

#[tokio::test]
async fn one_that_waits_runs_when_the_first_leaves_nothing() {
    let base = Base::new().await;
    let service = Service::new(&base, 2);
    let ask = || service.ask("/pay-waiting", "a", "fail").send();
    service.gate.close();
    let first = tokio::spawn(ask());
    service.gate.entered(1).await;
    let second = tokio::spawn(ask());
    service.gate.open();
    assert_eq!(first.await.unwrap().status, 500);
    assert_eq!(second.await.unwrap().status, 500);
    assert_eq!(service.gate.count(), 2);
    assert_eq!((base.effects("a").await, base.records().await), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_of_one_serves_sixty_four_requests_at_once() {
    let base = Base::new().await;
    let service = Service::new(&base, 1);
    let mut requests = Vec::new();
    for n in 0..64 {
        // 16 keys, of four requests each; half of them wait.
        let (key, uri) = (
            format!("key-{}", n % 16),
            if n % 2 == 0 { "/pay" } else { "/pay-waiting" },
        );
        requests.push((
            key.clone(),
            tokio::spawn(service.ask(uri, &key, "pay").send()),
        ));
    }
    let mut paid = 0;
    for (_, request) in requests {
        let reply = timeout(seconds(20), request)
            .await
            .expect("no deadlock")
            .unwrap();
        match reply.status.as_u16() {
            200 => paid += 1,
            409 => assert_eq!(reply, (409, "in-flight")),
            other => panic!("{other}: {reply:?}"),
        }
    }
    assert!(paid >= 16, "{paid}");
    for n in 0..16 {
        assert_eq!(base.effects(&format!("key-{n}")).await, 1, "{n}");
    }
}

#[tokio::test]
async fn local_duplicates_need_no_connection() {
    let base = Base::new().await;
    let service = Service::new(&base, 1);
    // The only connection is the first one's.
    service.gate.close();
    let first = tokio::spawn(service.ask("/pay-waiting", "a", "pay").send());
    service.gate.entered(1).await;
    let waiting: Vec<_> = (0..63)
        .map(|_| tokio::spawn(service.ask("/pay-waiting", "a", "pay").send()))
        .collect();
    let refused = service.ask("/pay-waiting", "a", "refuse").send().await;
    assert_eq!(refused, (422, "key-reused"));
    service.gate.open();
    first.await.unwrap();
    for waiting in waiting {
        assert!(waiting.await.unwrap().is_replay());
    }
    assert_eq!(base.effects("a").await, 1);
}

#[tokio::test]
async fn a_client_that_leaves_does_not_stop_the_body() {
    let base = Base::new().await;
    let service = Service::new(&base, 2);
    service.gate.close();
    let request = tokio::spawn(service.pay("a", "pay").send());
    service.gate.entered(1).await;
    request.abort();
    assert!(request.await.unwrap_err().is_cancelled());
    service.gate.open();
    let left = service
        .transactional
        .idempotency()
        .shutdown(seconds(10))
        .await;
    assert_eq!(left, 0);
    assert_eq!((base.effects("a").await, base.records().await), (1, 1));
}
