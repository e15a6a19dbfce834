//! What two processes count of each other's attempts, from their `/metrics`: a
//! stopped process whose body ends after another's counts itself, once; one that
//! is killed, a retry after a release, and who only took over count nothing. A
//! record that the store lost is missed by the process that completed it.

use std::net::SocketAddr;

use examples::client::{Request, ask};
use tokio::time::{Instant, sleep};

use crate::client::{self, PAUSE, Sent, effects, ledger, payment};
use crate::database::{Backend, Database};
use crate::instances::Pair;
use crate::{millis, over_each_store};

const LEASE: &str = "1s";
/// Paid at once, and answered after so long.
const SLOW: &str = "tok_slow:300";

const DUPLICATES: &str = "idempotency_duplicate_executions_total";
const FORGOTTEN: &str = "idempotency_forgotten_records_total";
const STALE: &str = "idempotency_stale_completions_total";
const TAKEOVERS: &str =
    "idempotency_executions_total{operation=\"payments.create\",cause=\"takeover\"}";

mod stopped {
    use super::*;
    over_each_store!(scenario);

    async fn scenario(backend: Backend) {
        let (database, pair) = start(backend).await;
        let [stopped, other] = pair.addresses();
        let late = attempt(&database, stopped).await;
        pair.instances[0].pause();
        let (won, _) = client::settle(other, &payment("k", SLOW)).await;
        pair.instances[0].resume();
        match late.await.unwrap() {
            Sent::Final { answer, replayed } => assert_eq!((answer, replayed), (won, true)),
            sent => panic!("the late one's client got {sent:?}"),
        }
        let counts = [
            (stopped, DUPLICATES, 1),
            (stopped, STALE, 1),
            (stopped, TAKEOVERS, 0),
            (other, DUPLICATES, 0),
            (other, STALE, 0),
            (other, TAKEOVERS, 1),
        ];
        has_counted(&counts).await;
        assert_eq!(effects(&ledger(other).await, "k"), 2, "what was counted");
        // Every later call is a replay, and counts nothing more.
        for address in pair.addresses() {
            client::settle(address, &payment("k", SLOW)).await;
        }
        has_counted(&counts).await;
        println!("stopped over {backend}: duplicates 1 where it stood still, 0 at the winner's");
    }
}

mod killed {
    use super::*;
    over_each_store!(scenario);

    async fn scenario(backend: Backend) {
        let (database, mut pair) = start(backend).await;
        let [killed, other] = pair.addresses();
        let cut = attempt(&database, killed).await;
        pair.instances[0].kill();
        assert!(matches!(cut.await.unwrap(), Sent::Cut));
        client::settle(other, &payment("k", SLOW)).await;
        pair.replace(0);
        let [new, other] = pair.addresses();
        client::settle(new, &payment("k", SLOW)).await;
        has_counted(&[
            (new, DUPLICATES, 0),
            (other, DUPLICATES, 0),
            (other, STALE, 0),
            (other, TAKEOVERS, 1),
        ])
        .await;
        println!("killed over {backend}: duplicates 0, and a takeover tells that there may be one");
    }
}

mod released {
    use super::*;
    over_each_store!(scenario);

    async fn scenario(backend: Backend) {
        let (_database, pair) = start(backend).await;
        let [first, second] = pair.addresses();
        let down = ask(first, &payment("k", "tok_gateway_down")).await;
        assert_eq!(down.expect("an answer").status, 502);
        client::settle(second, &payment("k", "tok_ok")).await;
        client::settle(first, &payment("k", "tok_ok")).await;
        for address in [first, second] {
            has_counted(&[(address, DUPLICATES, 0), (address, STALE, 0)]).await;
        }
        has_counted(&[(first, FORGOTTEN, 0), (second, FORGOTTEN, 0)]).await;
        println!("released over {backend}: duplicates 0 in both");
    }
}

mod forgotten {
    use super::*;
    over_each_store!(scenario);

    async fn scenario(backend: Backend) {
        let (database, pair) = start(backend).await;
        let [completed, other] = pair.addresses();
        client::settle(completed, &payment("k", "tok_ok")).await;
        database.forget("k").await;
        // Who never had it cannot miss it, and completes it anew.
        client::settle(other, &payment("k", "tok_ok")).await;
        let nothing = [(completed, FORGOTTEN, 0), (other, FORGOTTEN, 0)];
        has_counted(&nothing).await;
        database.forget("k").await;
        client::settle(completed, &payment("k", "tok_ok")).await;
        has_counted(&[(completed, FORGOTTEN, 1), (other, FORGOTTEN, 0)]).await;
        for address in [completed, other] {
            has_counted(&[(address, DUPLICATES, 0)]).await;
        }
        println!("forgotten over {backend}: 1 where it was completed, 0 elsewhere");
    }
}

async fn start(backend: Backend) -> (Database, Pair) {
    let database = Database::shared(backend).await;
    let pair = Pair::start(&database.store, LEASE);
    (database, pair)
}

/// What a client gets whose payment has been made, and is being answered.
async fn attempt(database: &Database, at: SocketAddr) -> tokio::task::JoinHandle<Sent> {
    let sent = tokio::spawn(async move { client::send(at, &payment("k", SLOW)).await });
    let asked = Instant::now();
    while effects(&ledger(at).await, "k") == 0 {
        assert!(asked.elapsed() < millis(5_000), "it never paid");
        sleep(PAUSE).await;
    }
    assert!(database.inspect("k").await.is_some());
    sent
}

/// Fails unless these metrics of these processes come to be so.
async fn has_counted(expected: &[(SocketAddr, &str, u64)]) {
    let asked = Instant::now();
    loop {
        let mut wrong = Vec::new();
        for (at, metric, count) in expected {
            let counted = counter(*at, metric).await;
            if counted != *count {
                wrong.push((*at, *metric, counted));
            }
        }
        if wrong.is_empty() {
            return;
        }
        let patient = asked.elapsed() < millis(5_000);
        assert!(patient, "counted {wrong:?}, not {expected:?}");
        sleep(PAUSE).await;
    }
}

/// The sum of the series that begin so; absent is zero.
async fn counter(at: SocketAddr, series: &str) -> u64 {
    let page = ask(at, &Request::get("/metrics")).await.expect("a page");
    assert_eq!(page.status, 200);
    let page = String::from_utf8(page.body).expect("text");
    assert!(page.contains("# TYPE idempotency_"), "{page}");
    let values = page.lines().filter(|line| line.starts_with(series));
    let values = values.filter_map(|line| line.rsplit_once(' '));
    values
        .map(|(_, value)| value.parse::<u64>().expect("a count"))
        .sum()
}
