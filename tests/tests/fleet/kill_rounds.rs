//! `kill -9` of one instance with requests in flight, again and again, with
//! retries to the other. No record is completed twice, an effect is repeated
//! only where the killed instance had an attempt open, and no key is held for
//! longer than a lease.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use examples::client::Request;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::answer::Answer;
use crate::chance::Chance;
use crate::client::{self, PAUSE, Sent, effects, ledger, payment};
use crate::database::{Backend, Database};
use crate::instances::Pair;
use crate::{count, millis, over_each_store};

over_each_store!(scenario);

const KEYS: usize = 12;
const LEASE: &str = "1s";
/// A lease and a second.
const AT_MOST: Duration = Duration::from_secs(2);
/// Within this, a round's requests are sent.
const SENT_WITHIN: Duration = millis(150);
/// Within this, one instance dies.
const KILLED_WITHIN: Duration = millis(250);

/// A client's task, and what it met.
struct Client {
    key: String,
    request: Request,
    /// When it asks.
    at: Instant,
    /// For how long its payment goes on by itself.
    takes: Duration,
    /// Which instance it asks, as long as that lives.
    side: usize,
}

struct Met {
    client: Client,
    answer: Answer,
    /// When it had its answer.
    at: Instant,
    /// The killed instance had its request, and gave no answer.
    cut: bool,
}

/// What all rounds came to.
#[derive(Default)]
struct Sum {
    /// Keys of which the killed instance had a request when it died.
    open: Vec<String>,
    others: Vec<String>,
    /// From a kill to the answer of a key that was open.
    longest: Duration,
}

async fn scenario(backend: Backend) {
    let name = format!("kill rounds over {backend}");
    let rounds = count("IDEMPOTENT_SOAK_FLEET_KILLS", 5);
    let mut chance = Chance::of(&name);
    let database = Database::shared(backend).await;
    let mut pair = Pair::start(&database.store, LEASE);
    let (started, mut sum) = (Instant::now(), Sum::default());
    for number in 1..=rounds {
        round(number, &mut pair, &mut chance, &mut sum).await;
        if number % 20 == 0 {
            let (open, longest) = (sum.open.len(), sum.longest);
            println!("{name}: {number} rounds, {open} keys open, longest {longest:.2?}");
        }
    }
    let books = ledger(pair.addresses()[0]).await;
    for key in &sum.others {
        assert_eq!(effects(&books, key), 1, "{key} was not open at a kill");
    }
    let mut twice = 0;
    for key in &sum.open {
        let effects = effects(&books, key);
        assert!((1..=2).contains(&effects), "{key}: {effects}, killed once");
        twice += usize::from(effects == 2);
    }
    let (open, keys) = (sum.open.len(), sum.open.len() + sum.others.len());
    assert!(open > 0, "no kill met a request");
    println!(
        "{name}: {rounds} kills, {keys} keys, {open} open at a kill, {twice} of these with a \
         second effect, no other; no answer changed; longest from the kill to the answer {:.2?}, \
         lease {LEASE}; {:.1?}, seed {}",
        sum.longest,
        started.elapsed(),
        chance.seed(),
    );
}

async fn round(number: usize, pair: &mut Pair, chance: &mut Chance, sum: &mut Sum) {
    let (instances, victim) = (pair.addresses(), chance.side());
    let started = Instant::now();
    let mut clients = JoinSet::new();
    for key in 0..KEYS {
        let key = format!("round-{number}-key-{key}");
        let takes = match chance.below(3) {
            0 => 1,
            _ => 20 + chance.below(280),
        };
        let card = format!("tok_slow:{takes}");
        let first = chance.side();
        let sides = [first, 1 - first];
        // To one of them, or to both.
        for side in sides.into_iter().take(1 + chance.side()) {
            let client = Client {
                key: key.clone(),
                request: payment(&key, &card),
                at: started + chance.within(SENT_WITHIN),
                takes: millis(takes),
                side,
            };
            clients.spawn(insist(client, instances, victim));
        }
    }
    sleep_until(started + chance.within(KILLED_WITHIN)).await;
    let killed = Instant::now();
    pair.instances[victim].kill();
    let mut met: BTreeMap<String, Vec<Met>> = BTreeMap::new();
    while let Some(client) = clients.join_next().await {
        let client = client.unwrap();
        let of_key = met.entry(client.client.key.clone()).or_default();
        of_key.push(client);
    }
    pair.replace(victim);
    // Of a key that no kill touched, all but its payment is the machine's own
    // slowness, which other keys meet too.
    let is_open = |met: &[Met]| met.iter().any(|met| met.cut);
    let untouched = met.values().filter(|met| !is_open(met)).flatten();
    let slowness = untouched.map(|met| (met.at - met.client.at).saturating_sub(met.client.takes));
    let at_most = AT_MOST + slowness.max().unwrap_or_default();
    for (key, met) in met {
        for instance in pair.addresses() {
            let (answer, replayed) = client::settle(instance, &met[0].client.request).await;
            assert!(replayed, "{key} ran again after it was answered");
            for met in &met {
                assert_eq!(met.answer, answer, "two answers of {key}");
            }
        }
        if is_open(&met) {
            for met in &met {
                let held = met.at.saturating_duration_since(killed);
                assert!(held <= at_most, "{key} was held for {held:?}");
                sum.longest = sum.longest.max(held);
            }
            sum.open.push(key);
        } else {
            sum.others.push(key);
        }
    }
}

/// Asks one instance, and the other where that is gone, until the answer is
/// final.
async fn insist(client: Client, instances: [SocketAddr; 2], victim: usize) -> Met {
    sleep_until(client.at).await;
    let (mut side, mut cut) = (client.side, false);
    loop {
        match client::send(instances[side], &client.request).await {
            Sent::Final { answer, .. } => {
                let at = Instant::now();
                return Met {
                    client,
                    answer,
                    at,
                    cut,
                };
            }
            Sent::InFlight => sleep(PAUSE).await,
            sent @ (Sent::NotConnected | Sent::Cut) => {
                assert_eq!(side, victim, "{} lost the one that lives", client.key);
                cut |= matches!(sent, Sent::Cut);
                side = 1 - victim;
            }
            Sent::Unavailable => panic!("the database is there: {}", client.key),
        }
        client::still(client.at, &client.request);
    }
}
