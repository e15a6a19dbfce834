//! A primary of a Redis Cluster dies under load. Redis acknowledges a write
//! before its replica has it, so an answer may be lost that a client has seen,
//! and its key runs a second time. How many is measured, with a replica that
//! keeps up and with one that was cut off for a while; nothing else may go wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use tokio::task::block_in_place;
use tokio::time::{Instant, sleep};
use xtask::servers::{RedisCluster, Scratch, Server};

use crate::chance::Chance;
use crate::client::{self, effects, ledger};
use crate::instances::Pair;
use crate::load::{Life, Load};
use crate::millis;

/// A cluster takes a primary for dead after this silence.
const NODE_TIMEOUT: Duration = Duration::from_secs(2);
/// For how long a replica is cut off before the second crash.
const BEHIND: Duration = millis(400);
/// A replica in step is not further behind, on a busy machine neither.
const IN_STEP: Duration = millis(300);
/// Answers before each crash, and after it.
const BETWEEN: usize = 150;
/// From here on, slots are the third primary's, which does not die.
const THIRD: u64 = 10_922;

/// A crash, and what may have been lost in it.
struct Crash {
    /// What was acknowledged since then may not have reached the replica.
    since: Instant,
    at: Instant,
    /// The replica is a primary.
    promoted: Instant,
}

impl Crash {
    /// It was answered, and the replica may not know.
    fn may_forget(&self, life: &Life) -> bool {
        self.since <= life.answered && life.asked <= self.at && life.answered <= self.at
    }

    /// It had no answer when the primary died, and was asked for by then.
    fn hit(&self, life: &Life) -> bool {
        self.at < life.answered && life.asked <= self.promoted
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loses_at_most_what_no_replica_had() {
    let name = "fail-over of redis-cluster";
    let mut chance = Chance::of(name);
    let scratch = Scratch::new().expect("a temporary directory");
    let directory = scratch.join("cluster");
    let mut cluster =
        block_in_place(|| RedisCluster::start_with(&directory, NODE_TIMEOUT).unwrap());
    let nodes = cluster.url().replace("redis://", "");
    let prefix = prefix(&cluster.nodes()[2].url()).await;
    let store = format!("redis-cluster://{nodes}?prefix={prefix}");
    let pair = Pair::start(&store, "2s");
    let load = Load::on(pair.addresses(), &mut chance);
    let tally = Arc::clone(&load.tally);

    load.goes_on(BETWEEN).await;
    let in_step = crash(&mut cluster, 0, Duration::ZERO).await;
    load.goes_on(BETWEEN).await;
    let cut_off = crash(&mut cluster, 1, BEHIND).await;
    load.goes_on(BETWEEN).await;
    let mut lives = load.end().await;
    for life in &mut lives {
        for instance in pair.addresses() {
            let (answer, _) = client::settle(instance, &life.request).await;
            life.take(answer);
        }
        let (answer, replayed) = client::settle(pair.addresses()[0], &life.request).await;
        assert!(replayed, "{} has an answer at last", life.key);
        life.take(answer);
    }

    let books = ledger(pair.addresses()[0]).await;
    let again = |life: &Life| life.answers.len() > 1 || effects(&books, &life.key) > 1;
    let crashes = [
        (&in_step, "a replica in step"),
        (&cut_off, "a replica cut off"),
    ];
    for life in &lives {
        let exposed = |crash: &Crash| crash.may_forget(life) || crash.hit(life);
        let exposed = crashes.iter().any(|(crash, _)| exposed(crash));
        assert!(
            exposed || !again(life),
            "{} ran again without a cause",
            life.key
        );
        assert!(effects(&books, &life.key) >= 1, "{} was not paid", life.key);
    }
    for (crash, what) in crashes {
        let count = |which: &dyn Fn(&&Life) -> bool| {
            let those = lives.iter().filter(which);
            let again = those.clone().filter(|life| again(life)).count();
            (those.count(), again)
        };
        let (answered, forgotten) = count(&|life| crash.may_forget(life));
        let (open, twice) = count(&|life| crash.hit(life));
        println!(
            "{name}, {what}: {answered} keys answered in the {:.0?} before the crash, {forgotten} \
             of these answers lost and run again; {open} keys open in it, {twice} with a second \
             effect; promoted {:.1?} after the crash",
            crash.at - crash.since,
            crash.promoted - crash.at,
        );
    }
    let count = |met: &AtomicUsize| met.load(Relaxed);
    println!(
        "{name}: {} keys, no other ran again; {} answers, {} 409, {} 503, {} cut; seed {}",
        lives.len(),
        count(&tally.answered),
        count(&tally.in_flight),
        count(&tally.unavailable),
        count(&tally.cut),
        chance.seed(),
    );
}

/// Kills a primary, whose replica was cut off for so long, and starts it again
/// once the replica has taken its place.
async fn crash(cluster: &mut RedisCluster, node: usize, behind: Duration) -> Crash {
    let nodes = cluster.nodes();
    let [primary, replica] = [node, node + 3].map(|node| nodes[node].url());
    let mut since = Instant::now() - IN_STEP;
    if !behind.is_zero() {
        since = Instant::now();
        // What lies in its socket would still reach it: the connection goes.
        nodes[node + 3].process().pause().expect("a replica");
        call::<()>(&primary, "CLIENT KILL TYPE replica").await;
        sleep(behind).await;
    }
    let at = Instant::now();
    block_in_place(|| nodes[node].process().kill().expect("a primary"));
    nodes[node + 3].process().resume().expect("a replica");
    while !call::<String>(&replica, "INFO replication")
        .await
        .contains("role:master")
    {
        assert!(at.elapsed() < Duration::from_secs(20), "no fail-over");
        sleep(millis(20)).await;
    }
    let promoted = Instant::now();
    block_in_place(|| nodes[node].process().restart().expect("a node that starts"));
    Crash {
        since,
        at,
        promoted,
    }
}

/// A prefix under which the books lie on a node that does not die: what they
/// say is not lost.
async fn prefix(node: &str) -> String {
    for number in 0..100 {
        let prefix = format!("fleet-{number}:");
        if call::<u64>(node, &format!("CLUSTER KEYSLOT {prefix}ledger")).await >= THIRD {
            return prefix;
        }
    }
    panic!("a third of all slots are the third primary's");
}

async fn call<T: redis::FromRedisValue>(node: &str, command: &str) -> T {
    let client = redis::Client::open(node).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut parts = command.split(' ');
    let mut cmd = redis::cmd(parts.next().unwrap());
    parts.for_each(|part| {
        cmd.arg(part);
    });
    cmd.query_async(&mut connection).await.unwrap()
}
