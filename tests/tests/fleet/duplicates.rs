//! Many duplicates at once, to both instances, of clients that hang up in the
//! middle and come back: one effect a key, and one answer for all.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use examples::client::hang_up_after;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::answer::Answer;
use crate::chance::Chance;
use crate::client::{self, PAUSE, Sent, effects, ledger, payment};
use crate::database::{Backend, Database};
use crate::instances::Pair;
use crate::{count, millis, over_each_store};

over_each_store!(scenario);

const COPIES: usize = 8;
/// One request in so many is cut off by its client.
const CUT: u64 = 20;
/// The latest moment at which a client hangs up, from the connection on.
const LATEST: Duration = millis(60);
/// Keys at once.
const BREADTH: usize = 10;

/// What clients met.
#[derive(Debug, Default)]
struct Met {
    requests: usize,
    cut: usize,
    in_flight: usize,
    first_hand: usize,
    answers: Vec<Answer>,
}

impl Met {
    fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.cut += other.cut;
        self.in_flight += other.in_flight;
        self.first_hand += other.first_hand;
        self.answers.extend(other.answers);
    }
}

async fn scenario(backend: Backend) {
    let name = format!("duplicates over {backend}");
    let keys = count("IDEMPOTENT_SOAK_FLEET_DUPLICATES", 60);
    let mut chance = Chance::of(&name);
    let database = Database::shared(backend).await;
    let pair = Pair::start(&database.store, "2s");
    let started = Instant::now();
    let at_once = Arc::new(Semaphore::new(BREADTH));
    let mut tasks = JoinSet::new();
    for number in 0..keys {
        let (at_once, instances) = (Arc::clone(&at_once), pair.addresses());
        let chance = chance.fork();
        tasks.spawn(async move {
            let _place = at_once.acquire().await.expect("never closed");
            of_one_key(instances, &format!("key-{number}"), chance).await
        });
    }
    let mut met = Met::default();
    while let Some(of_one_key) = tasks.join_next().await {
        met.add(of_one_key.unwrap());
    }
    let books = ledger(pair.addresses()[0]).await;
    for number in 0..keys {
        let key = format!("key-{number}");
        assert_eq!(effects(&books, &key), 1, "effects of {key}");
    }
    assert_eq!(books["effects"], keys);
    assert!(met.cut > 0 && met.in_flight > 0, "{met:?} is no test");
    println!(
        "{name}: {keys} keys x {COPIES} clients, {} requests, {} of them cut off, {} met the \
         first attempt, {} answers at first hand; {keys} effects, every answer of a key equal; \
         {:.1?}, seed {}",
        met.requests,
        met.cut,
        met.in_flight,
        met.first_hand,
        started.elapsed(),
        chance.seed(),
    );
}

/// All its clients; their answers are one.
async fn of_one_key(instances: [SocketAddr; 2], key: &str, mut chance: Chance) -> Met {
    let card = match chance.below(4) {
        0 => "tok_declined".to_owned(),
        1 => "tok_ok".to_owned(),
        _ => format!("tok_slow:{}", 1 + chance.below(50)),
    };
    let mut clients = JoinSet::new();
    for _ in 0..COPIES {
        clients.spawn(insist(
            instances,
            key.to_owned(),
            card.clone(),
            chance.fork(),
        ));
    }
    let mut met = Met::default();
    while let Some(client) = clients.join_next().await {
        met.add(client.unwrap());
    }
    assert_eq!(met.answers.len(), COPIES);
    for answer in &met.answers {
        assert_eq!(*answer, met.answers[0], "two answers of {key}");
    }
    assert!(met.first_hand <= 1, "{key} ran {} times", met.first_hand);
    met
}

/// Asks either instance until the answer is final, and hangs up now and then.
async fn insist(instances: [SocketAddr; 2], key: String, card: String, mut chance: Chance) -> Met {
    let (request, started) = (payment(&key, &card), Instant::now());
    let mut met = Met::default();
    loop {
        client::still(started, &request);
        let to = instances[chance.side()];
        met.requests += 1;
        if chance.one_in(CUT) {
            met.cut += 1;
            let moment = chance.within(LATEST);
            hang_up_after(to, &request, moment).await.expect("sent");
            continue;
        }
        match client::send(to, &request).await {
            Sent::Final { answer, replayed } => {
                met.first_hand += usize::from(!replayed);
                met.answers.push(answer);
                return met;
            }
            Sent::InFlight => {
                met.in_flight += 1;
                sleep(PAUSE).await;
            }
            other => panic!("both instances and their database are there: {other:?}"),
        }
    }
}
