//! A loop to profile, for tools that count instructions:
//! `profile SUBJECT miss|hit`, SUBJECT by its place in the table.

use benches::measure::sequence;
use benches::subjects;

const ROUNDS: u64 = 10;
const BATCH: u64 = 2_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut args = std::env::args().skip(1);
    let place: usize = args
        .next()
        .and_then(|place| place.parse().ok())
        .unwrap_or(0);
    let hits = args.next().as_deref() == Some("hit");
    let subjects = subjects::all().await;
    let subject = &subjects[place];
    for round in 0..=ROUNDS {
        let first = if hits { 0 } else { round * BATCH };
        let requests = (first..first + BATCH)
            .map(|key| subject.requests.with_key(key))
            .collect();
        sequence(&subject.router, requests).await;
    }
}
