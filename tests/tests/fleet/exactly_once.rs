//! Two instances whose effects and answers share a commit, many duplicates at
//! once, clients that hang up, and kills all the while: each key has its effect
//! once, whatever was in flight at a kill, and the one answer that tells of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use examples::client::{Request, hang_up_after};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::answer::Answer;
use crate::chance::Chance;
use crate::client::{self, ACCOUNT, PAUSE, Sent, effects, ledger, payment};
use crate::database::{Backend, Database};
use crate::instances::Pair;
use crate::{count, millis};

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_postgres() {
    scenario(Backend::Postgres).await;
}

#[cfg(feature = "mysql")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_mysql() {
    scenario(Backend::MySql).await;
}

#[cfg(feature = "sqlite")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_sqlite() {
    scenario(Backend::Sqlite).await;
}

const COPIES: usize = 8;
/// Keys at once.
const BREADTH: usize = 10;
/// One request in so many is cut off by its client.
const CUT: u64 = 10;
/// The latest moment at which a client hangs up, from the connection on.
const LATEST: Duration = millis(40);
/// Between two kills.
const CALM: Duration = millis(300);

/// What clients met.
#[derive(Debug, Default)]
struct Met {
    requests: usize,
    hung_up: usize,
    killed: usize,
    in_flight: usize,
    unavailable: usize,
    first_hand: usize,
    answers: Vec<Answer>,
}

impl Met {
    fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.hung_up += other.hung_up;
        self.killed += other.killed;
        self.in_flight += other.in_flight;
        self.unavailable += other.unavailable;
        self.first_hand += other.first_hand;
        self.answers.extend(other.answers);
    }
}

type Addresses = watch::Receiver<[SocketAddr; 2]>;

async fn scenario(backend: Backend) {
    let name = format!("exactly once over {backend}");
    let keys = count("IDEMPOTENT_SOAK_EXACTLY_ONCE", 60);
    let mut chance = Chance::of(&name);
    let database = Database::shared(backend).await;
    let mut pair = Pair::transactional(&database.store, "5s");
    let started = Instant::now();
    let (tell, addresses) = watch::channel(pair.addresses());
    let at_once = Arc::new(Semaphore::new(BREADTH));
    let mut tasks = JoinSet::new();
    for number in 0..keys {
        let (at_once, addresses) = (Arc::clone(&at_once), addresses.clone());
        let chance = chance.fork();
        tasks.spawn(async move {
            let _place = at_once.acquire().await.expect("never closed");
            let key = format!("key-{number}");
            let met = of_one_key(&addresses, &key, chance).await;
            (key, met)
        });
    }
    let (mut sum, mut ids, mut kills) = (Met::default(), Vec::new(), 0);
    let mut next = started + millis(100);
    loop {
        tokio::select! {
            ended = tasks.join_next() => {
                let Some(ended) = ended else { break };
                let (key, met) = ended.unwrap();
                ids.push((met.answers[0].json()["id"].clone(), key));
                sum.add(met);
            }
            () = sleep_until(next) => {
                let victim = chance.side();
                pair.instances[victim].kill();
                pair.replace(victim);
                tell.send_replace(pair.addresses());
                kills += 1;
                next = Instant::now() + chance.within(CALM);
            }
        }
    }
    let took = started.elapsed();
    let books = ledger(pair.addresses()[0]).await;
    for (_, key) in &ids {
        assert_eq!(effects(&books, key), 1, "effects of {key}");
    }
    assert_eq!(books["effects"], keys);
    let list = Request::get("/v1/payments").account(ACCOUNT);
    let payments = examples::client::ask(pair.addresses()[1], &list).await;
    let payments = payments.expect("an answer").json();
    let payments = payments.as_array().expect("a list");
    assert_eq!(payments.len(), keys);
    for (id, key) in &ids {
        let told = |payment: &&serde_json::Value| payment["id"] == *id;
        let payment = payments.iter().find(told);
        let payment = payment.unwrap_or_else(|| panic!("{key} was told of {id}, which is not"));
        assert_eq!(payment["reference"], **key);
    }
    assert!(
        kills > 0 && sum.killed > 0,
        "{kills} kills, {sum:?}: no test"
    );
    println!(
        "{name}: {keys} keys x {COPIES} clients, {kills} kills, {} requests: {} cut off by a \
         kill, {} by their client, {} met the first attempt, {} were told to try again; {} \
         answers at first hand; {keys} effects, and every answer tells of its own; {took:.1?}, \
         seed {}",
        sum.requests,
        sum.killed,
        sum.hung_up,
        sum.in_flight,
        sum.unavailable,
        sum.first_hand,
        chance.seed(),
    );
}

/// All its clients; their answers are one.
async fn of_one_key(addresses: &Addresses, key: &str, mut chance: Chance) -> Met {
    let card = match chance.side() {
        0 => "tok_ok".to_owned(),
        _ => format!("tok_slow:{}", 1 + chance.below(30)),
    };
    let request = payment(key, &card);
    let mut clients = JoinSet::new();
    for _ in 0..COPIES {
        clients.spawn(insist(addresses.clone(), request.clone(), chance.fork()));
    }
    let mut met = Met::default();
    while let Some(client) = clients.join_next().await {
        met.add(client.unwrap());
    }
    for answer in &met.answers {
        assert_eq!(*answer, met.answers[0], "two answers of {key}");
    }
    assert!(met.first_hand <= 1, "{key} ran {} times", met.first_hand);
    met
}

/// Asks either instance until the answer is final, and hangs up now and then.
async fn insist(addresses: Addresses, request: Request, mut chance: Chance) -> Met {
    let started = Instant::now();
    let mut met = Met::default();
    loop {
        client::still(started, &request);
        let to = addresses.borrow()[chance.side()];
        met.requests += 1;
        if chance.one_in(CUT) {
            met.hung_up += 1;
            // There may be nobody to hang up on.
            let _ = hang_up_after(to, &request, chance.within(LATEST)).await;
            continue;
        }
        let counter = match client::send(to, &request).await {
            Sent::Final { answer, replayed } => {
                met.first_hand += usize::from(!replayed);
                met.answers.push(answer);
                return met;
            }
            Sent::InFlight => &mut met.in_flight,
            Sent::Unavailable => &mut met.unavailable,
            Sent::NotConnected | Sent::Cut => &mut met.killed,
        };
        *counter += 1;
        sleep(PAUSE).await;
    }
}
