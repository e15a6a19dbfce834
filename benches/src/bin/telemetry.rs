//! What telemetry adds to a request: each part by itself, against ours with
//! nothing on. `--quick` only shows that it works.
//!
//! "Nothing on" has the feature `metrics` compiled in. What that costs by itself
//! is seen by counting the instructions of `profile`, built without it and with.

use std::hash::{Hash, Hasher};
use std::time::Instant;

use benches::handler::new_payment;
use benches::measure::{median, sequence};
use benches::subjects::telemetry::{Subjects, Watch, watched};
use benches::subjects::{Jobs, job};
use benches::table;
use metrics_exporter_prometheus::PrometheusHandle;
use tracing::level_filters::LevelFilter;

/// Short turns and many rounds: what else the machine does meets all alike.
const BATCH: u64 = 500;
/// What a recorder may add to a first request.
const AIM: f64 = 1.1;
/// Ours with nothing on, among the routers.
const OURS: usize = 1;

/// Nanoseconds of one subject: first requests, and replays.
#[derive(Clone, Default)]
struct Figures {
    miss: Vec<f64>,
    hit: Vec<f64>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let rounds = if quick { 20 } else { 300 };
    let subjects = watched().await;
    let recorder = requests(&subjects, rounds).await;
    functions(&subjects, rounds).await;
    let met = if recorder <= AIM { "met" } else { "missed" };
    println!(
        "aimed at: a recorder costs at most {AIM:.2} of a first request: {recorder:.3}, {met}"
    );
}

/// The table; a recorder's share of a first request.
async fn requests(subjects: &Subjects, rounds: u64) -> f64 {
    let count = subjects.routers.len();
    let mut figures = vec![Figures::default(); count];
    let mut upkeep = Vec::new();
    for round in 0..=rounds {
        for at in shuffled(count, round) {
            let watched = &subjects.routers[at];
            let with_key = |key| watched.subject.requests.with_key(key);
            let keys = round * BATCH..(round + 1) * BATCH;
            let (first, again) = (keys.clone().map(with_key), keys.map(with_key));
            let (first, again) = (first.collect(), again.collect());
            let watch = watched.watch();
            let miss = sequence(&watched.subject.router, first).await;
            let hit = sequence(&watched.subject.router, again).await;
            drop(watch);
            let drained = drain(&subjects.recorder);
            // The first round warms up.
            if round > 0 {
                figures[at].miss.push(miss);
                figures[at].hit.push(hit);
                if watched.subject.name == "ours, a recorder" {
                    upkeep.push(drained / (2 * BATCH) as f64);
                }
            }
        }
    }
    println!("ours with its telemetry, ns for each request and multiples of nothing on");
    let names = subjects.routers.iter().map(|it| it.subject.name);
    print(names, &figures, OURS);
    println!(
        "the exporter's upkeep, for each request between: {:.0} ns",
        median(upkeep)
    );
    println!(
        "a counter and a histogram, for a replay's two: {:.0} ns\n",
        handles(&subjects.recorder, rounds)
    );
    let recorder = names_at(subjects, "ours, a recorder");
    ratio(&figures[recorder].miss, &figures[OURS].miss)
}

fn names_at(subjects: &Subjects, name: &str) -> usize {
    let at = subjects
        .routers
        .iter()
        .position(|it| it.subject.name == name);
    at.expect("is one of them")
}

/// Function mode, where a call is short and a share of it large.
async fn functions(subjects: &Subjects, rounds: u64) {
    let [none, recorded] = &subjects.jobs;
    let kinds = [
        ("nothing on", none, LevelFilter::OFF),
        ("a recorder", recorded, LevelFilter::OFF),
        ("spans at DEBUG", none, LevelFilter::DEBUG),
    ];
    let mut figures = vec![Figures::default(); kinds.len()];
    for round in 0..=rounds {
        for at in shuffled(kinds.len(), round) {
            let (_, jobs, level) = kinds[at];
            let watch = Watch::at(level);
            // Two kinds share one store: keys of their own.
            let first = (round * kinds.len() as u64 + at as u64) * BATCH;
            let miss = calls(jobs, first).await;
            let hit = calls(jobs, first).await;
            drop(watch);
            drain(&subjects.recorder);
            if round > 0 {
                figures[at].miss.push(miss);
                figures[at].hit.push(hit);
            }
        }
    }
    println!("function mode, ns for each call and multiples of nothing on");
    print(kinds.iter().map(|(name, ..)| *name), &figures, 0);
}

/// Who is when in a round: nobody is always behind the same one, which leaves
/// it warm or cold caches.
fn shuffled(count: usize, round: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_cached_key(|at| {
        let mut hasher = std::hash::DefaultHasher::new();
        (round, at).hash(&mut hasher);
        hasher.finish()
    });
    order
}

async fn calls(jobs: &Jobs, first: u64) -> f64 {
    let new: Vec<_> = (0..BATCH).map(|_| new_payment()).collect();
    let started = Instant::now();
    for (key, new) in new.into_iter().enumerate() {
        let paid = job(jobs, first + key as u64, new).await;
        std::hint::black_box(paid.expect("it pays"));
    }
    started.elapsed().as_nanos() as f64 / BATCH as f64
}

/// Nanoseconds of what a replay does, by itself.
fn handles(recorder: &PrometheusHandle, rounds: u64) -> f64 {
    let counter = metrics::counter!("replays_total", "operation" => "pay");
    let histogram = metrics::histogram!("replay_age_seconds", "operation" => "pay");
    let figures = (0..rounds).map(|_| {
        let started = Instant::now();
        for age in 0..BATCH {
            counter.increment(1);
            histogram.record(std::hint::black_box(age as f64));
        }
        let took = started.elapsed().as_nanos() as f64;
        drain(recorder);
        took / BATCH as f64
    });
    median(figures.collect())
}

/// Samples pile up until they are drained; nanoseconds that it took.
fn drain(recorder: &PrometheusHandle) -> f64 {
    let started = Instant::now();
    recorder.run_upkeep();
    started.elapsed().as_nanos() as f64
}

fn print<'a>(names: impl Iterator<Item = &'a str>, figures: &[Figures], base: usize) {
    let rows = names.zip(figures).map(|(name, own)| {
        let base = &figures[base];
        vec![
            name.to_owned(),
            format!("{:.0}", median(own.miss.clone())),
            format!("{:.3}", ratio(&own.miss, &base.miss)),
            format!("{:.0}", median(own.hit.clone())),
            format!("{:.3}", ratio(&own.hit, &base.hit)),
            format!("{:+.0}", more(&own.hit, &base.hit)),
        ]
    });
    table::print(
        &["", "miss", "x", "replay", "x", "more"],
        &rows.collect::<Vec<_>>(),
    );
}

/// The median of the ratios within a round.
fn ratio(own: &[f64], base: &[f64]) -> f64 {
    median(own.iter().zip(base).map(|(own, base)| own / base).collect())
}

fn more(own: &[f64], base: &[f64]) -> f64 {
    median(own.iter().zip(base).map(|(own, base)| own - base).collect())
}
