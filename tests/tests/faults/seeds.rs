//! Everything at once, by seeds: two processes, eight keys, impatient clients
//! and a store that fails in a third of its calls.

use std::time::Duration;

use idempotent_runtime::MemoryStore;
use idempotent_runtime::conformance::{Fault, FaultCounts, FaultyStore, Verb};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::service::{Entry, Ledger, Service, Work};

const KEYS: u64 = 8;
const CALLERS: u64 = 6;

/// How many seeds are tried; the soak tries more.
fn seeds() -> u64 {
    std::env::var("IDEMPOTENT_SOAK_FAULTS")
        .map_or(30, |seeds| seeds.parse().expect("a number of seeds"))
}

/// What a seed came to: what each key cost, and what went wrong.
fn played(seed: u64) -> (Vec<Entry>, FaultCounts) {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(play(seed))
}

async fn play(seed: u64) -> (Vec<Entry>, FaultCounts) {
    let mut store =
        FaultyStore::new(MemoryStore::new(), seed).longest_pause(Duration::from_millis(1_500));
    // Renewals are clean: what becomes of an attempt that cannot renew its
    // lease is a scene of its own.
    for verb in [Verb::Claim, Verb::Complete, Verb::Release, Verb::Wait] {
        store = store
            .rate_of(verb, Fault::AckLost, 0.12)
            .rate_of(verb, Fault::Refused, 0.08)
            .rate_of(verb, Fault::Late, 0.08)
            .rate_of(verb, Fault::Slow, 0.08);
    }
    let ledger = Ledger::default();
    let processes = [
        Service::over(&store, &ledger),
        Service::over(&store, &ledger),
    ];
    let mut callers = JoinSet::new();
    for caller in 0..KEYS * CALLERS {
        let (key, service) = (
            caller % KEYS,
            processes[(caller / KEYS % 2) as usize].clone(),
        );
        callers.spawn(async move {
            sleep(Duration::from_millis(caller * 37 % 900)).await;
            let answer = service.answer(&name(seed, key), work(key)).await;
            (key, answer)
        });
    }
    let answers = callers.join_all().await;
    let counts = store.counts();
    store.heal();
    sleep(Duration::from_mins(1)).await;
    let mut entries = Vec::new();
    for key in 0..KEYS {
        let name = name(seed, key);
        let before = ledger.of(&name);
        let stored = processes[0].charge(&name, work(key)).await.unwrap();
        assert_eq!(ledger.of(&name), before, "seed {seed}: {name} ran again");
        assert_eq!(before.completed, 1, "seed {seed}: {name} completed");
        let runs = work(key).failing + 1;
        assert_eq!(before.ran, runs, "seed {seed}: {name} ran");
        for (_, answer) in answers.iter().filter(|(of, _)| *of == key) {
            assert_eq!(*answer, stored, "seed {seed}: an answer of {name}");
        }
        entries.push(before);
    }
    (entries, counts)
}

fn name(seed: u64, key: u64) -> String {
    format!("seed-{seed}-key-{key}")
}

/// Some keys are slow, and some fail at first.
fn work(key: u64) -> Work {
    Work {
        takes: Duration::from_millis(key * 90),
        failing: u32::from(key.is_multiple_of(3)),
    }
}

#[test]
fn one_completed_effect_per_key_and_one_answer_for_all() {
    let (mut faults, mut runs) = (0, 0);
    for seed in 0..seeds() {
        let (entries, counts) = played(seed);
        faults += counts.total();
        runs += entries.iter().map(|entry| entry.ran).sum::<u32>();
    }
    let keys = seeds() * KEYS;
    println!(
        "{keys} keys, {} calls, {faults} faults, {runs} runs",
        keys * CALLERS
    );
    assert!(faults > keys, "only {faults} faults: nothing was tried");
}

#[test]
fn a_seed_is_played_the_same_again() {
    assert_eq!(played(7), played(7));
    assert_ne!(played(7).1, played(8).1);
}
