//! Claims and completions with and without lists beside them, in short turns,
//! so that a machine whose speed drifts is fair to both. Each round has claims
//! alone twice: by how much those two differ is what no list is to blame for.
//!
//! The load is four tasks that claim and complete with a pause of 4 ms: some
//! hundred records a second, and a server with time to spare. The lists are
//! those of five operators (`--operators`) who each load a page once a second and never wait
//! for one another: five pages begin each second, a page of every kind in turn,
//! each from where its last one ended. A third of them has 1,000 records, a
//! third reads up to 10,000 to find the few of a rare operation: far more than
//! the pages of 50 that a person reads. They run in the claims' own process, as
//! a service's admin page does, and what they take of the processor counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::AnyStore;
use super::operators::{Lists, look};
use super::options::Options;
use crate::stores::records::{asking, fresh};
use crate::table;
use idempotent_runtime::outcome::ClaimOutcome;
use idempotent_runtime::{Answer, Ttl};

/// Tasks that claim.
const TASKS: usize = 4;
/// Of each, after a claim and its completion.
const PAUSE: Duration = Duration::from_millis(4);
/// Before the first round.
const WARM_UP: Duration = Duration::from_secs(2);

/// What lists change.
pub struct Change {
    /// Of the median and the 99th percentile of claims beside lists, of those
    /// of all claims alone.
    pub ratios: [f64; 2],
    /// The same of claims alone the second time, of those the first time.
    pub noise: [f64; 2],
    /// Of claims, completions and pages, beside lists and alone.
    pub errors: [usize; 2],
}

/// What the spans of one kind came to.
#[derive(Default)]
struct Spans {
    /// In microseconds.
    claims: Vec<f64>,
    errors: usize,
    pages: usize,
}

impl Spans {
    fn add(&mut self, other: Self) {
        self.claims.extend(other.claims);
        self.errors += other.errors;
        self.pages += other.pages;
    }

    /// The median and the 99th percentile.
    fn percentiles(&self) -> [f64; 2] {
        percentiles(self.claims.clone())
    }
}

fn percentiles(mut figures: Vec<f64>) -> [f64; 2] {
    figures.sort_by(f64::total_cmp);
    [0.5, 0.99].map(|part| {
        let place = (figures.len().saturating_sub(1) as f64 * part).round() as usize;
        figures.get(place).copied().unwrap_or(f64::NAN)
    })
}

fn ratios(these: [f64; 2], those: [f64; 2]) -> [f64; 2] {
    [these[0] / those[0], these[1] / those[1]]
}

/// Runs the rounds, and prints what lists change.
pub async fn measure(store: &AnyStore, options: &Options) -> Change {
    let mut spans: [Spans; 3] = Default::default();
    let lists = Arc::new(Lists::default());
    span(store, WARM_UP, Some((&lists, options.operators))).await;
    for round in 0..options.rounds {
        // Another one comes first each time.
        for turn in 0..3 {
            let who = (round + turn) % 3;
            let beside = (who == 1).then_some((&lists, options.operators));
            spans[who].add(span(store, options.span, beside).await);
        }
    }
    let [first, beside, second] = &spans;
    let alone = percentiles([&first.claims[..], &second.claims[..]].concat());
    let row = |name: &str, spans: &Spans, of: [f64; 2]| {
        let at = spans.percentiles();
        let x = ratios(at, of);
        vec![
            name.to_owned(),
            spans.claims.len().to_string(),
            spans.errors.to_string(),
            spans.pages.to_string(),
            format!("{:.0}", at[0]),
            format!("{:.2}", x[0]),
            format!("{:.0}", at[1]),
            format!("{:.2}", x[1]),
        ]
    };
    let rows = [
        row("claims alone", first, alone),
        row("claims beside lists", beside, alone),
        row("claims alone, again", second, alone),
    ];
    let head = ["us", "claims", "errors", "pages", "p50", "x", "p99", "x"];
    table::print(&head, &rows);
    Change {
        ratios: ratios(beside.percentiles(), alone),
        noise: ratios(second.percentiles(), first.percentiles()),
        errors: [beside.errors, first.errors + second.errors],
    }
}

/// Claims for a while, with lists beside them or without.
async fn span(store: &AnyStore, length: Duration, lists: Option<(&Arc<Lists>, u32)>) -> Spans {
    let over = Arc::new(AtomicBool::new(false));
    let claiming: Vec<_> = (0..TASKS)
        .map(|_| tokio::spawn(claim(Arc::clone(store), Arc::clone(&over))))
        .collect();
    let mut span = Spans::default();
    let operators: Vec<_> = lists
        .into_iter()
        .flat_map(|(lists, all)| (0..all).map(move |place| (Arc::clone(lists), (place, all))))
        .map(|(lists, who)| tokio::spawn(look(Arc::clone(store), Arc::clone(&over), lists, who)))
        .collect();
    sleep(length).await;
    over.store(true, Relaxed);
    for task in claiming {
        span.add(task.await.expect("no panic"));
    }
    for task in operators {
        let (pages, errors) = task.await.expect("no panic");
        span.pages += pages;
        span.errors += errors;
    }
    span
}

async fn claim(store: AnyStore, over: Arc<AtomicBool>) -> Spans {
    let answer = Answer::from_bytes(vec![1; 300]);
    let mut span = Spans::default();
    while !over.load(Relaxed) {
        let claim = asking(fresh());
        let sent = Instant::now();
        let claimed = store.claim(&claim).await;
        span.claims.push(sent.elapsed().as_secs_f64() * 1e6);
        let Ok(ClaimOutcome::Claimed(claimed)) = claimed else {
            span.errors += 1;
            continue;
        };
        let completed = store.complete(
            &claim.id,
            &claim.token,
            claimed.fence,
            &answer,
            Ttl::DEFAULT,
        );
        span.errors += usize::from(completed.await.is_err());
        sleep(PAUSE).await;
    }
    span
}
