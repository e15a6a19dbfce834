//! A store that is full says so, and forgets nothing.

use std::net::SocketAddr;
use std::sync::Arc;

use examples::client::{Connection, Reply, Request};
use serde_json::json;
use tokio::task::JoinSet;

use crate::service::{Service, body};

/// The keys of the run; `cargo xtask soak bounded` sends 100,000.
const KEYS: &str = "IDEMPOTENT_SOAK_BOUNDED";
const FEWEST: usize = 4_000;
/// Those that share the store with one that wants too much.
const ACCOUNTS: usize = 30;
const CLIENTS: usize = 8;

/// A key's request: an eighth of the keys are of one greedy account, which may
/// have half of them; the others are many, and modest.
fn asked(n: usize, keys: usize) -> Request {
    let account = if n < keys / 8 {
        "greedy".to_owned()
    } else {
        format!("account-{}", n % ACCOUNTS)
    };
    let asked = json!({ "amount": n + 1, "currency": "EUR", "card": "tok_ok", "reference": "r" });
    body(&asked).account(&account).key(&format!("key-{n}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_store_loses_no_answer() {
    let keys = std::env::var(KEYS).map_or(FEWEST, |keys| keys.parse().expect("a number"));
    // Room for half of the keys; an eighth of that for one account.
    let (room, quota) = (keys / 2, keys / 2 / 8);
    let service = Service::tuned(|flags| flags.max_records = Some(room), |b| b).await;

    let greedy = ask_all(service.address, (0..keys / 8).collect(), keys).await;
    let others = ask_all(service.address, (keys / 8..keys).collect(), keys).await;
    let (mut paid, mut over_quota, mut full) = (Vec::new(), 0, 0);
    for (n, reply) in greedy.into_iter().chain(others) {
        match (reply.status, reply.code().as_str()) {
            (201, _) => {
                assert!(!reply.is_replay(), "key-{n} was sent once");
                paid.push((n, reply));
                continue;
            }
            (429, "quota-exceeded") => over_quota += 1,
            (503, "store-full") => full += 1,
            _ => panic!("key-{n}: {reply:?}"),
        }
        assert!(reply.header("retry-after").is_some(), "{reply:?}");
        assert_eq!(reply.json()["retryable"], true);
    }
    println!(
        "{keys} keys: {} paid, {over_quota} over quota, {full} full",
        paid.len()
    );
    assert_eq!(paid.len(), room, "as many as there is room for");
    assert_eq!(
        over_quota,
        keys / 8 - quota,
        "what the greedy account may not have"
    );
    assert_eq!(full, keys - room - over_quota);
    assert_eq!(service.ledger().await["effects"], room);

    let numbers = paid.iter().map(|(n, _)| *n).collect();
    let replays = ask_all(service.address, numbers, keys).await;
    for ((n, first), (again, replay)) in paid.iter().zip(&replays) {
        assert_eq!(n, again);
        assert!(replay.is_replay(), "key-{n}: {replay:?}");
        assert_eq!((replay.status, &replay.body), (201, &first.body), "key-{n}");
    }
    assert_eq!(service.ledger().await["effects"], room);
}

/// Asks for each, over a few connections that are kept; in the order of `numbers`.
async fn ask_all(address: SocketAddr, numbers: Vec<usize>, keys: usize) -> Vec<(usize, Reply)> {
    let numbers = Arc::new(numbers);
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let numbers = Arc::clone(&numbers);
        clients.spawn(async move {
            let mut connection = Connection::open(address).await.expect("a connection");
            let mut replies = Vec::new();
            for n in numbers.iter().skip(client).step_by(CLIENTS) {
                let reply = connection.ask(&asked(*n, keys)).await;
                replies.push((*n, reply.expect("an answer")));
            }
            replies
        });
    }
    let mut replies = clients.join_all().await.concat();
    replies.sort_by_key(|(n, _)| *n);
    replies
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_with_too_many_in_flight_says_so() {
    let service = Service::tuned(|_| {}, |builder| builder.max_in_flight(2)).await;
    let slow = |key: &str| crate::service::payment("tok_slow:1000", key).key(key);
    for key in ["1", "2"] {
        service.leave(&slow(key), crate::service::millis(50)).await;
    }
    let refused = service.ask(&slow("3")).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (503, "overloaded")
    );
    assert!(refused.header("retry-after").is_some());
    assert_eq!(service.effects("3").await, 0);
    assert_eq!(service.settled(&slow("3")).await.status, 201);
    assert_eq!(service.effects("3").await, 1);
}
