//! Many keys at once: as many effects as keys.

use std::{sync::Mutex, thread};

use super::{judged::Judged, tally::statuses};
use crate::{
    net::exchange,
    run::{Bench, Proved},
};

const KEYS: usize = 12;
const COPIES: usize = 3;
const THREADS: usize = 4;

pub(super) fn run(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let Some(level) = proved.effect else {
        let text = "Nothing counts effects: give --ledger, or a `probe:` that lists them.";
        return Ok(Judged::not_proven(text));
    };
    let (mut work, mut intents) = (Vec::new(), Vec::new());
    for _ in 0..KEYS {
        let intent = bench.intent()?;
        let bytes = bench.bytes(&intent.request);
        work.extend((0..COPIES).map(|_| bytes.clone()));
        intents.push(intent);
    }
    bench.watch(&intents.iter().collect::<Vec<_>>());
    // By the seed: each copy anywhere.
    for i in (1..work.len()).rev() {
        let at = bench.random.below(i as u64 + 1);
        work.swap(i, usize::try_from(at).unwrap_or(0));
    }
    let before = bench.effects()?;
    let target = bench.target.clone();
    let queue = Mutex::new(work);
    let answers = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(bytes) = queue.lock().ok().and_then(|mut q| q.pop()) {
                    let answer = exchange(&target, &bytes);
                    if let Ok(mut all) = answers.lock() {
                        all.push(answer);
                    }
                }
            });
        }
    });
    bench.requests += KEYS * COPIES;
    let answers = answers.into_inner().unwrap_or_default();
    let mut got = Vec::new();
    for answer in answers {
        got.push(answer.map_err(|e| bench.failure(e))?.response);
    }
    let rose = before.zip(bench.settled()?).map_or(0, |(b, a)| a - b);
    let said = statuses(&got);
    let keys = i64::try_from(KEYS).unwrap_or(0);
    if rose != keys {
        let text = format!("{KEYS} keys, {COPIES} copies each: {rose} effects; answers {said}.");
        return Ok(Judged::ran_twice(level, text));
    }
    if got.iter().any(|a| a.status >= 500) {
        return Ok(Judged::breach(format!(
            "Under many keys the service failed: {said}."
        )));
    }
    let text = format!("{KEYS} keys, {COPIES} copies each: {rose} effects; answers {said}.");
    Ok(Judged::proven(Some(level), text))
}
