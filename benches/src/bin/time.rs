//! Nanoseconds for each request, and their ratio to the bare handler's.

use std::thread;
use std::time::Instant;

use benches::handler::new_payment;
use benches::measure::{median, sequence, together};
use benches::subjects::{self, Jobs, Subject, job};
use benches::table;

/// Batches of each subject, in turn, so that a drifting machine is fair.
const ROUNDS: u64 = 15;
const BATCH: u64 = 2_000;
const DUPLICATES: u64 = 8;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    in_turn(&subjects::all().await).await;
    functions().await;
    growth().await;
    threads();
}

async fn in_turn(subjects: &[Subject]) {
    let mut miss = vec![Vec::new(); subjects.len()];
    let mut hit = vec![Vec::new(); subjects.len()];
    let mut concurrent = vec![Vec::new(); subjects.len()];
    for round in 0..=ROUNDS {
        for (at, subject) in subjects.iter().enumerate() {
            let with_key = |key| subject.requests.with_key(key);
            let keys = round * BATCH..(round + 1) * BATCH;
            let figures = (
                sequence(&subject.router, keys.clone().map(with_key).collect()).await,
                sequence(&subject.router, keys.map(with_key).collect()).await,
                together(&subject.router, groups(subject, round)).await,
            );
            // The first round warms up.
            if round > 0 {
                miss[at].push(figures.0);
                hit[at].push(figures.1);
                concurrent[at].push(figures.2);
            }
        }
    }
    let rows = (0..subjects.len()).map(|at| {
        let cells = [&miss, &hit, &concurrent].into_iter().flat_map(|figures| {
            let ratio = figures[at]
                .iter()
                .zip(&miss[0])
                .map(|(own, bare)| own / bare)
                .collect();
            [
                format!("{:.0}", median(figures[at].clone())),
                format!("{:.2}", median(ratio)),
            ]
        });
        std::iter::once(subjects[at].name.to_owned())
            .chain(cells)
            .collect()
    });
    println!(
        "one thread, ns for each request and multiples of the bare handler; 8 concurrent duplicates"
    );
    table::print(
        &["", "miss", "x", "replay", "x", "duplicates", "x"],
        &rows.collect::<Vec<_>>(),
    );
}

fn groups(subject: &Subject, round: u64) -> Vec<Vec<axum::http::Request<axum::body::Body>>> {
    let first = 1_000_000_000 + round * BATCH;
    let keys = first..first + BATCH / DUPLICATES;
    keys.map(|key| {
        (0..DUPLICATES)
            .map(|_| subject.requests.with_key(key))
            .collect()
    })
    .collect()
}

async fn functions() {
    let jobs = Jobs::default();
    let mut figures = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        for figures in &mut figures {
            let new: Vec<_> = (0..BATCH).map(|_| new_payment()).collect();
            let started = Instant::now();
            for (key, new) in new.into_iter().enumerate() {
                let paid = job(&jobs, round * BATCH + key as u64, new).await;
                std::hint::black_box(paid.expect("it pays"));
            }
            figures.push(started.elapsed().as_nanos() as f64 / BATCH as f64);
        }
    }
    let [miss, hit] = figures.map(median);
    println!("function mode, ns for each call: first {miss:.0}, replay {hit:.0}\n");
}

async fn growth() {
    let subject = subjects::annotated();
    let mut rows = Vec::new();
    let mut filled = 0;
    for size in [1_000_u64, 1_000_000] {
        while filled < size {
            let to = (filled + 10_000).min(size);
            let requests = (filled..to)
                .map(|key| subject.requests.with_key(key))
                .collect();
            sequence(&subject.router, requests).await;
            filled = to;
        }
        let mut figures = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            let keys = filled..filled + BATCH;
            filled += BATCH;
            for figures in &mut figures {
                let requests = keys
                    .clone()
                    .map(|key| subject.requests.with_key(key))
                    .collect();
                figures.push(sequence(&subject.router, requests).await);
            }
        }
        let [miss, hit] = figures.map(median);
        rows.push(vec![
            size.to_string(),
            format!("{miss:.0}"),
            format!("{hit:.0}"),
        ]);
    }
    println!("ours by the number of records, ns");
    table::print(&["records", "miss", "replay"], &rows);
}

/// Requests of two threads in the time of one's: 2.0 is perfect.
fn threads() {
    let mut rows = Vec::new();
    for subject in [subjects::bare(), subjects::annotated()] {
        let speedup = (0..5).map(|round| {
            let one = spread(&subject, 1, round * 10);
            let two = spread(&subject, 2, round * 10 + 5);
            2.0 * one / two
        });
        rows.push(vec![
            subject.name.to_owned(),
            format!("{:.2}", median(speedup.collect())),
        ]);
    }
    println!("two threads, throughput of one thread = 1");
    table::print(&["", "x"], &rows);
}

fn spread(subject: &Subject, threads: u64, offset: u64) -> f64 {
    let started = Instant::now();
    thread::scope(|scope| {
        for number in 0..threads {
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build();
                runtime.expect("a runtime").block_on(async {
                    let first = (offset + number) * 1_000_000_000;
                    for batch in 0..10 {
                        let keys = first + batch * BATCH..first + (batch + 1) * BATCH;
                        let requests = keys.map(|key| subject.requests.with_key(key)).collect();
                        sequence(&subject.router, requests).await;
                    }
                });
            });
        }
    });
    started.elapsed().as_nanos() as f64
}
