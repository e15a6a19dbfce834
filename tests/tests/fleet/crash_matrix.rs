//! `kill -9` at every point of an operation in one transaction, on each database:
//! a retry to another process finds all of it or nothing, so that each key has
//! its effect once, and the answer tells of that one.

mod shown;

use std::process::{Command, Stdio};
use std::time::Duration;

use examples::client::{Reply, Request, ask};
use serde_json::{Value, json};
use tokio::task::block_in_place;
use tokio::time::{Instant, sleep};

use crate::client::PAUSE;
use crate::count;
use crate::database::{Backend, Database};
use crate::instances::Instance;

/// What the killed request asked for, and where its answer is that the
/// retry must repeat.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Paid once it is committed, which it is not at this point.
    Open,
    /// Perhaps committed: the kill races with it.
    Race,
    /// Committed: the retry is a replay.
    Done,
    /// The same, and its caller has the answer.
    Answered,
    /// A refusal, whose writes are undone.
    Refused,
}

const POINTS: [(&str, Kind); 15] = [
    ("before begin", Kind::Open),
    ("after begin", Kind::Open),
    ("after the claim", Kind::Open),
    ("before the effect", Kind::Open),
    ("amid the effect", Kind::Open),
    ("after the effect", Kind::Open),
    ("before the answer", Kind::Open),
    ("after the answer", Kind::Open),
    ("before commit", Kind::Open),
    ("in the commit", Kind::Race),
    ("after commit", Kind::Done),
    ("before the response", Kind::Done),
    ("after the response", Kind::Answered),
    ("before the undo", Kind::Refused),
    ("after the undo", Kind::Refused),
];

const DATABASES: &[Backend] = &[
    #[cfg(feature = "postgres")]
    Backend::Postgres,
    #[cfg(feature = "mysql")]
    Backend::MySql,
    #[cfg(feature = "sqlite")]
    Backend::Sqlite,
];

/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long after the start of a commit the first kill comes that races with it.
const FIRST: Duration = Duration::from_micros(20);

/// What the rounds of a point came to.
#[derive(Debug, Default, Clone)]
struct Sum {
    rounds: usize,
    /// Of these, the retry found the work done.
    found_done: usize,
    effects: usize,
    /// The longest time from the kill to the retry's answer.
    longest: Duration,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_effect_is_there_once_wherever_its_process_dies() {
    let rounds = count("IDEMPOTENT_SOAK_CRASH_MATRIX", 2);
    let started = Instant::now();
    let columns = DATABASES
        .iter()
        .map(|backend| tokio::spawn(column(*backend, rounds)));
    let mut matrix = Vec::new();
    for column in columns.collect::<Vec<_>>() {
        matrix.push(column.await.unwrap());
    }
    print!("{}", shown::shown(&matrix, rounds));
    println!("crash matrix: {:.1?}", started.elapsed());
}

/// All points on one database.
async fn column(backend: Backend, rounds: usize) -> Vec<Sum> {
    let database = Database::shared(backend).await;
    let survivor = service(&database.store, None);
    let mut sums = Vec::new();
    for (number, (point, kind)) in POINTS.into_iter().enumerate() {
        let mut sum = Sum::default();
        for round in 0..rounds {
            let name = format!("{number}-{round}");
            let victim = service(&database.store, Some(point));
            one_round(&name, (point, kind), victim, &survivor, &mut sum).await;
        }
        sums.push(sum);
    }
    sums
}

fn service(store: &str, point: Option<&str>) -> Instance {
    let mut program = Command::new(env!("CARGO_BIN_EXE_crashing"));
    program.arg(store).args(point).stdin(Stdio::null());
    Instance::of(program)
}

async fn one_round(
    name: &str,
    (point, kind): (&str, Kind),
    mut victim: Instance,
    survivor: &Instance,
    sum: &mut Sum,
) {
    let is_refused = kind == Kind::Refused;
    let order = json!({ "name": name, "is_refused": is_refused });
    let request = Request::post("/pay").key(name).json(&order);
    let (to, sent) = (victim.address, request.clone());
    let asked = tokio::spawn(async move { ask(to, &sent).await });
    let first = if kind == Kind::Answered {
        Some(asked.await.unwrap().expect("an answer"))
    } else {
        assert_eq!(victim.says(), format!("at {point}\n"));
        None
    };
    if kind == Kind::Race {
        // Later in each round, until it is over before the kill; the runtime's
        // own clock is too coarse for that.
        let later = FIRST * (1 << (sum.rounds % 9));
        block_in_place(|| std::thread::sleep(later));
    }
    victim.kill();
    let killed = Instant::now();
    let answer = settled(survivor, &request).await;
    sum.longest = sum.longest.max(killed.elapsed());
    let found_done = answer.is_replay();
    match kind {
        Kind::Open | Kind::Refused => assert!(!found_done, "{point}: nothing was committed"),
        Kind::Done | Kind::Answered => assert!(found_done, "{point}: it was committed"),
        Kind::Race => {}
    }
    if let Some(first) = first {
        assert_eq!((first.status, &first.body), (answer.status, &answer.body));
    }
    let again = settled(survivor, &request).await;
    assert!(again.is_replay(), "{point}");
    assert_eq!((again.status, &again.body), (answer.status, &answer.body));

    // Both of its writes, and they are the ones that the answer tells of.
    let kept = ask(survivor.address, &Request::get(&format!("/effects/{name}"))).await;
    let kept = kept.expect("an answer").json();
    if is_refused {
        assert_eq!(answer.status, 402);
        assert_eq!(kept, json!([["0", ""], ["0", ""]]), "{point}");
    } else {
        assert_eq!(answer.status, 201);
        let id: &Value = &answer.json()["id"];
        assert_eq!(kept, json!([["1", id], ["1", id]]), "{point}");
        sum.effects += 1;
    }
    sum.rounds += 1;
    sum.found_done += usize::from(found_done);
}

/// Retries until the answer is final. What the killed process held may be held
/// until the database has noticed its end.
async fn settled(survivor: &Instance, request: &Request) -> Reply {
    let started = Instant::now();
    loop {
        let reply = ask(survivor.address, request).await.expect("an answer");
        if !matches!(reply.status, 409 | 503) {
            return reply;
        }
        assert!(started.elapsed() < PATIENCE, "{reply:?} to {request:?}");
        sleep(PAUSE).await;
    }
}
