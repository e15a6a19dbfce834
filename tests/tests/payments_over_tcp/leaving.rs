//! Clients that hang up: what they began goes on, within bounds.

use std::time::Duration;

use examples::payments::Flags;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::service::{Service, millis, payment, settle};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_left_finds_the_answer_when_it_returns() {
    let service = Service::start().await;
    let asked = payment("tok_slow:1500", "r").key("k");
    service.leave(&asked, millis(100)).await;
    let first = service.ask(&asked).await;
    assert_eq!((first.status, first.code().as_str()), (409, "in-flight"));
    let answer = service.settled(&asked).await;
    assert_eq!((answer.status, answer.is_replay()), (201, true));
    assert_eq!(answer.json()["reference"], "r");
    assert_eq!(service.effects("r").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_clients_that_leave_are_served_within_bounds() {
    const BOUND: usize = 100;
    // Who leaves while a database is asked for a claim leaves it in doubt. More
    // of them than the bound are not looked after: their leases run out.
    let lease = |flags: &mut Flags| flags.lease = Some(Duration::from_secs(2));
    let service = Service::tuned(lease, |builder| builder.max_in_flight(BOUND)).await;
    let asked = |n: usize| payment("tok_slow:500", "r").key(&format!("key-{n}"));
    let mut clients = JoinSet::new();
    let mut patience = Duration::ZERO;
    for n in 0..500 {
        let (address, asked) = (service.address, asked(n));
        // Some before the claim has an answer, some while the payment is slow.
        patience += Duration::from_millis(2);
        clients
            .spawn(async move { examples::client::hang_up_after(address, &asked, patience).await });
    }
    let idempotency = service.idempotency.clone();
    let (mut most, started) = (0, Instant::now());
    let mut in_flight = || {
        let now = idempotency.in_flight();
        most = most.max(now);
        now
    };
    while !clients.is_empty() {
        in_flight();
        while let Some(sent) = clients.try_join_next() {
            sent.expect("no panic").expect("a request that was sent");
        }
        tokio::time::sleep(millis(1)).await;
    }
    while in_flight() > 0 {
        assert!(started.elapsed() < Duration::from_secs(10), "never drained");
        tokio::time::sleep(millis(1)).await;
    }
    // A request that is refused takes a place for that moment, one per thread.
    assert!((1..=BOUND + 3).contains(&most), "{most} in flight");

    // Whoever was begun is done, and the others run when they ask again. The
    // server may not have read all that was sent.
    let mut begun = service.effects("r").await;
    loop {
        tokio::time::sleep(millis(700)).await;
        let now = service.effects("r").await;
        if std::mem::replace(&mut begun, now) == now {
            break;
        }
    }
    assert!((1..=500).contains(&begun), "{begun} were begun");
    let mut replays = 0;
    for n in (0..500).step_by(BOUND) {
        let mut settled = JoinSet::new();
        for n in n..n + BOUND {
            settled.spawn(settle(service.address, asked(n)));
        }
        for answer in settled.join_all().await {
            assert_eq!(answer.status, 201);
            replays += u64::from(answer.is_replay());
        }
    }
    assert_eq!(replays, begun, "no answer of those who left is lost");
    assert_eq!(service.effects("r").await, 500, "one effect a key");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_waits_for_those_whose_client_left() {
    let service = Service::start().await;
    let asked = payment("tok_slow:800", "r").key("k");
    service.leave(&asked, millis(300)).await;
    assert_eq!(service.idempotency.in_flight(), 1);
    let started = Instant::now();
    assert_eq!(service.stop().await, 0, "none is cut off");
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_waits_no_longer_than_five_seconds() {
    let service = Service::start().await;
    let asked = payment("tok_slow:60000", "r").key("k");
    service.leave(&asked, millis(100)).await;
    let started = Instant::now();
    assert_eq!(service.stop().await, 1, "and says how many it cut off");
    assert!(started.elapsed() < Duration::from_secs(6));
}
