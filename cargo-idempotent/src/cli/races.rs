//! `zoo --races`: the table of the races, each with the bursts and the time it took.

use super::End;
use crate::{
    Problem,
    demo::{RACES, Raced, race},
};

/// A race may stay unseen in one seed of twenty.
const OF_TWENTY: u64 = 19;

pub(super) fn races(seeds: u64) -> Result<End, Problem> {
    let (mut missed, mut wronged) = (0, 0);
    println!(
        "{:<38} {:<10} {:<22} seconds, median / worst",
        "race", "found", "bursts, median / worst"
    );
    for (name, flaw) in RACES {
        let (mut bursts, mut spans) = (Vec::new(), Vec::new());
        for seed in 1..=seeds {
            let raced = race(*flaw, seed).map_err(|e| Problem::at(0, *name, e))?;
            if let Raced::Found(seen) = raced {
                bursts.push(seen.burst);
                spans.push(seen.after_ms);
            }
        }
        let found = bursts.len() as u64;
        let times = median_and_worst(&mut bursts).zip(median_and_worst(&mut spans));
        let (bursts, spans) = times.map_or_else(
            || ("-".to_owned(), "-".to_owned()),
            |((burst, bursts), (span, spans))| {
                let seconds = |ms: u64| format!("{}.{:02}", ms / 1000, ms % 1000 / 10);
                let spans = format!("{} / {}", seconds(span), seconds(spans));
                (format!("{burst} / {bursts}"), spans)
            },
        );
        println!(
            "{name:<38} {:<10} {bursts:<22} {spans}",
            format!("{found} of {seeds}")
        );
        match flaw {
            Some(_) if found * 20 < OF_TWENTY * seeds => missed += 1,
            Some(_) => {}
            None => wronged += found,
        }
    }
    println!("{missed} of the races missed, {wronged} false accusations of the atomic twin");
    Ok(End::Found(u8::from(missed + wronged > 0)))
}

fn median_and_worst<T: Ord + Copy>(values: &mut [T]) -> Option<(T, T)> {
    values.sort_unstable();
    let worst = *values.last()?;
    Some((values[(values.len() - 1) / 2], worst))
}
