//! Claims and completions with and without a list beside them, in turns, so
//! that a machine whose speed drifts is fair to both. Each round has claims
//! alone twice: by how much those two differ is what no list is to blame for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::AnyStore;
use super::options::Options;
use super::pages::{kinds, page};
use crate::measure::median;
use crate::stores::records::{asking, fresh};
use crate::table;
use idempotent_runtime::outcome::ClaimOutcome;
use idempotent_runtime::{Answer, Ttl};

/// Tasks that claim, each with a pause: a server with time to spare.
const TASKS: usize = 4;
const PAUSE: Duration = Duration::from_millis(4);
/// Between two pages: as of five operators who each look once a second.
const BETWEEN: Duration = Duration::from_millis(200);

/// What a span of claims came to.
#[derive(Default)]
struct Span {
    /// Of claims, in microseconds, sorted.
    claims: Vec<f64>,
    errors: usize,
    pages: usize,
}

impl Span {
    fn at(&self, part: f64) -> f64 {
        let last = self.claims.len().saturating_sub(1);
        let place = (last as f64 * part).round() as usize;
        self.claims.get(place).copied().unwrap_or(f64::NAN)
    }
}

/// Runs the rounds, and prints what a list changes.
pub async fn measure(store: &AnyStore, options: &Options) {
    let mut spans: [Vec<Span>; 3] = Default::default();
    span(store, options.span, true, 0).await;
    for round in 0..options.rounds {
        // Another one comes first each time.
        for turn in 0..3 {
            let who = (round + turn) % 3;
            spans[who].push(span(store, options.span, who == 1, round).await);
        }
    }
    let ratio = |who: usize, part: f64| {
        let pairs = spans[who].iter().zip(&spans[0]);
        median(
            pairs
                .map(|(one, alone)| one.at(part) / alone.at(part))
                .collect(),
        )
    };
    let mut rows = Vec::new();
    for (who, name) in [
        "claims alone",
        "claims beside a list",
        "claims alone, again",
    ]
    .into_iter()
    .enumerate()
    {
        let of = |part: f64| median(spans[who].iter().map(|span| span.at(part)).collect());
        let sum = |of: fn(&Span) -> usize| spans[who].iter().map(of).sum::<usize>().to_string();
        rows.push(vec![
            name.to_owned(),
            sum(|span| span.claims.len()),
            sum(|span| span.errors),
            sum(|span| span.pages),
            format!("{:.0}", of(0.5)),
            format!("{:.2}", ratio(who, 0.5)),
            format!("{:.0}", of(0.99)),
            format!("{:.2}", ratio(who, 0.99)),
        ]);
    }
    let head = ["us", "claims", "errors", "pages", "p50", "x", "p99", "x"];
    table::print(&head, &rows);
}

/// Claims for a while, with a list beside them or without.
async fn span(store: &AnyStore, length: Duration, with_list: bool, round: usize) -> Span {
    let over = Arc::new(AtomicBool::new(false));
    let claiming: Vec<_> = (0..TASKS)
        .map(|_| tokio::spawn(claim(Arc::clone(store), Arc::clone(&over))))
        .collect();
    let listing = tokio::spawn(list(Arc::clone(store), Arc::clone(&over), with_list, round));
    sleep(length).await;
    over.store(true, Relaxed);
    let mut span = Span {
        pages: listing.await.expect("no panic"),
        ..Span::default()
    };
    for task in claiming {
        let part = task.await.expect("no panic");
        span.claims.extend(part.claims);
        span.errors += part.errors;
    }
    span.claims.sort_by(f64::total_cmp);
    span
}

async fn claim(store: AnyStore, over: Arc<AtomicBool>) -> Span {
    let answer = Answer::from_bytes(vec![1; 300]);
    let mut span = Span::default();
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

/// Goes through every kind of page, each from where it was.
async fn list(store: AnyStore, over: Arc<AtomicBool>, is_wanted: bool, round: usize) -> usize {
    let mut kinds = kinds();
    let (mut pages, count) = (0, kinds.len());
    while is_wanted && !over.load(Relaxed) {
        let kind = &mut kinds[(round * 7 + pages) % count];
        kind.after = page(&*store, kind).await.0.next;
        pages += 1;
        sleep(BETWEEN).await;
    }
    pages
}
