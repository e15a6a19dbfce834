//! The database dies under load and comes back: `pg_ctl restart -m immediate`,
//! `kill -9` of Redis with its file synced always, `kill -9` of MariaDB. Clients
//! get an answer, or 503 with `Retry-After`; a key with a stored answer has no
//! second effect, and in the end every key has its answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use tokio::task::block_in_place;
use tokio::time::{Instant, sleep};
#[cfg(feature = "mysql")]
use xtask::servers::MariaDb;
#[cfg(feature = "postgres")]
use xtask::servers::Postgres;
#[cfg(feature = "redis")]
use xtask::servers::Redis;
use xtask::servers::{Scratch, Server};

use crate::chance::Chance;
use crate::client::{self, effects, ledger};
use crate::database::{Backend, Database};
use crate::instances::Pair;
use crate::load::{Life, Load};
use crate::{count, millis};

/// Answers between two restarts.
const BETWEEN: usize = 120;
const LEASE: &str = "3s";
/// A renewed lease has two thirds left at least. An outage that is shorter
/// lets no other attempt in.
const HELD: Duration = millis(2_000);
/// For how long the last outage goes on: longer than one call of the store is
/// waited for, and in a soak than two, so that requests are refused.
const LONG: [Duration; 2] = [millis(5_300), millis(11_000)];
const RESTARTS: usize = 2;

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_postgres() {
    let scratch = Scratch::new().expect("a temporary directory");
    let mut server = block_in_place(|| Postgres::start(&scratch.join("postgres")).unwrap());
    scenario(Backend::Postgres, &mut server).await;
}

#[cfg(feature = "mysql")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_mysql() {
    let scratch = Scratch::new().expect("a temporary directory");
    let mut server = block_in_place(|| MariaDb::start(&scratch.join("mysql")).unwrap());
    scenario(Backend::MySql, &mut server).await;
}

#[cfg(feature = "redis")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_redis() {
    let scratch = Scratch::new().expect("a temporary directory");
    let mut server = block_in_place(|| Redis::start(&scratch.join("redis")).unwrap());
    scenario(Backend::Redis, &mut server).await;
}

/// When the database was not there.
struct Outage {
    from: Instant,
    to: Instant,
}

impl Outage {
    /// Whether a key was neither answered before it nor asked for after it.
    fn hit(&self, life: &Life) -> bool {
        life.asked <= self.to && self.from <= life.answered
    }

    /// Whether a lease may have run out in it, while its attempt ran on. Then
    /// what ran may run again, and its caller have an answer that nobody could
    /// store.
    fn outlasts_a_lease(&self) -> bool {
        self.to - self.from > HELD
    }
}

async fn scenario(backend: Backend, server: &mut dyn Server) {
    let name = format!("restarts of {backend}");
    let restarts = count("IDEMPOTENT_SOAK_FLEET_RESTARTS", RESTARTS);
    let mut chance = Chance::of(&name);
    let database = Database::on(backend, &server.url()).await;
    let pair = Pair::start(&database.store, LEASE);
    let (started, mut outages) = (Instant::now(), Vec::new());
    let load = Load::on(pair.addresses(), &mut chance);
    for number in 1..=restarts {
        load.goes_on(BETWEEN).await;
        let from = Instant::now();
        block_in_place(|| server.process().kill().expect("a server to kill"));
        if number == restarts {
            sleep(LONG[usize::from(restarts > RESTARTS)]).await;
        }
        block_in_place(|| server.process().restart().expect("a server that starts"));
        outages.push(Outage {
            from,
            to: Instant::now(),
        });
    }
    load.goes_on(BETWEEN).await;
    let tally = Arc::clone(&load.tally);
    let lives = load.end().await;

    let before = ledger(pair.addresses()[0]).await;
    let (mut hit, mut long, mut twice, mut unstored) = (0, 0, 0, 0);
    for life in &lives {
        let mut stored = None;
        for instance in pair.addresses() {
            let (answer, replayed) = client::settle(instance, &life.request).await;
            assert!(replayed, "{} ran after it was answered", life.key);
            assert!(life.answers.contains(&answer), "a third of {}", life.key);
            assert_eq!(stored.get_or_insert(answer.clone()), &answer);
        }
        let mut outages = outages.iter().filter(|outage| outage.hit(life)).peekable();
        hit += usize::from(outages.peek().is_some());
        let outlasted = outages.any(Outage::outlasts_a_lease);
        long += usize::from(outlasted);
        let (effects, answers) = (effects(&before, &life.key), life.answers.len());
        let once = effects == 1 && answers == 1;
        assert!(once || outlasted, "{}: {effects}, {answers}", life.key);
        assert!(effects >= 1, "{} was answered and not paid", life.key);
        twice += usize::from(effects > 1);
        unstored += usize::from(answers > 1);
    }
    assert_eq!(ledger(pair.addresses()[0]).await, before, "a replay paid");
    assert!(hit > 0, "no key was open in an outage");
    let count = |met: &AtomicUsize| met.load(Relaxed);
    println!(
        "{name}: {restarts} restarts, {} keys, {hit} open in an outage, {long} of them in one \
         longer than a lease; of these {twice} with a second effect and {unstored} with an answer \
         that was not stored, of all others none; {} answers, {} 409, {} 503, {} cut; {:.1?}, \
         seed {}",
        lives.len(),
        count(&tally.answered),
        count(&tally.in_flight),
        count(&tally.unavailable),
        count(&tally.cut),
        started.elapsed(),
        chance.seed(),
    );
}
