//! Many keys at once: as many effects as keys, and no key waits for another.

use std::time::Duration;

use super::{
    judged::Judged,
    pace::{Pace, load},
    tally::statuses,
};
use crate::{
    run::{Bench, Proved},
    verdict::{Level, State},
};

const KEYS: usize = 12;
const COPIES: usize = 3;

/// A wait is told of only if it is there each of so many times.
const ROUNDS: usize = 3;

pub(super) fn run(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let Some(level) = proved.effect else {
        let text = "Nothing counts effects: give --ledger, or a `probe:` that lists them.";
        return Ok(Judged::not_proven(text));
    };
    let (mut judged, mut mixed) = round(bench, level)?;
    if judged.state != State::Proven {
        return Ok(judged);
    }
    for number in 1..=ROUNDS {
        if number > 1 {
            let Ok((next, again)) = round(bench, level) else {
                // What was counted before stands.
                return Ok(judged);
            };
            if next.state != State::Proven {
                return Ok(next);
            }
            mixed = again;
        }
        let pace = match Pace::beside(bench, mixed, KEYS * COPIES) {
            Ok(pace) => pace,
            Err(why) => {
                return Ok(judged.fact(format!("how long keys wait was not measured: {why}")));
            }
        };
        judged = judged.fact(pace.fact());
        if !pace.waits() {
            return Ok(judged);
        }
    }
    judged.sentence.push_str(
        " Warning: keys wait for each other, more than 3 times as long as they should, in 3 of 3 \
         rounds: one lock for all keys, a small pool, or a busy machine.",
    );
    Ok(judged)
}

/// One load, judged by what it did, and how long a key took in it.
fn round(bench: &mut Bench<'_>, level: Level) -> Result<(Judged, Duration), String> {
    let (mut work, mut intents) = (Vec::new(), Vec::new());
    for key in 0..KEYS {
        let intent = bench.intent()?;
        let bytes = bench.bytes(&intent.request);
        work.extend((0..COPIES).map(|_| (key, bytes.clone())));
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
    let load = load(&target, KEYS, work);
    bench.requests += KEYS * COPIES;
    let mut got = Vec::new();
    for answer in load.answers {
        got.push(answer.map_err(|e| bench.failure(e))?.response);
    }
    let rose = before.zip(bench.settled()?).map_or(0, |(b, a)| a - b);
    let said = statuses(&got);
    let keys = i64::try_from(KEYS).unwrap_or(0);
    let text = format!("{KEYS} keys, {COPIES} copies each: {rose} effects; answers {said}.");
    let judged = if rose != keys {
        Judged::ran_twice(level, text)
    } else if got.iter().any(|a| a.status >= 500) {
        Judged::breach(format!("Under many keys the service failed: {said}."))
    } else {
        Judged::proven(Some(level), text)
    };
    Ok((judged, load.median))
}
