//! Retries within the ttl of an answer, which are replayed, and after it.

use std::time::Duration;

use super::{
    duplicate::{Pair, ROUNDS, not_a_replay, shown},
    judged::Judged,
    tally::{differ, good},
};
use crate::{
    net::{Moment, now},
    plan::{Profile, Span},
    run::{Bench, Intent, Proved},
};

pub(super) fn applies(bench: &Bench<'_>) -> Option<String> {
    super::keyed(bench).or_else(|| match bench.ttl {
        None => Some("the plan declares no `ttl`".into()),
        Some(ttl) => {
            let wait = ttl.0 + slack(ttl);
            let long = wait > bench.patience;
            let patience = Span(bench.patience);
            long.then(|| format!("the ttl is {ttl}, and --patience is {patience}"))
        }
    })
}

/// Services keep time in whole seconds, and start the ttl at the answer's end.
fn slack(ttl: Span) -> Duration {
    Duration::from_secs(1) + ttl.0 / 10
}

/// An intention, sent once.
struct Sent {
    intent: Intent,
    first: crate::case::Response,
    began: Moment,
    ended: Moment,
}

pub(super) fn run(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let (Some(_), Some(ttl)) = (proved.level(), bench.ttl) else {
        let text = "Nothing tells one run from two: give --ledger, a list `probe:`, `witness:`.";
        return Ok(Judged::not_proven(text));
    };
    // Each is touched once more only, lest a replay renews what it replays.
    let early = send(bench)?;
    let late = send(bench)?;
    pause(bench, early.iter().map(|s| s.began + ttl.0 / 2))?;
    let (pairs, rose) = again(bench, proved, &early)?;
    let in_time = early.iter().all(|s| now() < s.began + ttl.0 * 3 / 4);
    if let Some(judged) = within(bench, proved, ttl, &pairs, rose, in_time) {
        return Ok(judged);
    }
    pause(bench, late.iter().map(|s| s.ended + ttl.0 + slack(ttl)))?;
    let (pairs, rose) = again(bench, proved, &late)?;
    Ok(after(bench, proved, ttl, &pairs, rose))
}

fn send(bench: &mut Bench<'_>) -> Result<Vec<Sent>, String> {
    let one = |_| {
        let intent = bench.intent()?;
        let began = now();
        let first = bench.send(&intent.request)?.response;
        let ended = now();
        Ok(Sent {
            intent,
            first,
            began,
            ended,
        })
    };
    (0..ROUNDS).map(one).collect()
}

fn pause(bench: &Bench<'_>, until: impl Iterator<Item = Moment>) -> Result<(), String> {
    let until = until.max().unwrap_or_else(now);
    bench.rest(until.saturating_duration_since(now()))
}

/// Sends each again; the pairs, and what the effects rose by.
fn again(
    bench: &mut Bench<'_>,
    proved: &Proved,
    sent: &[Sent],
) -> Result<(Vec<Pair>, Option<i64>), String> {
    let counts = proved.effect.is_some();
    bench.watch(&sent.iter().map(|s| &s.intent).collect::<Vec<_>>());
    let before = if counts { bench.effects()? } else { None };
    let mut pairs = Vec::new();
    for one in sent {
        let second = bench.send(&one.intent.request)?.response;
        pairs.push(Pair {
            request: one.intent.request.clone(),
            first: one.first.clone(),
            second,
            rose: None,
        });
    }
    let after = if counts { bench.settled()? } else { None };
    Ok((pairs, before.zip(after).map(|(b, a)| a - b)))
}

/// What is wrong within the ttl, if something is.
fn within(
    bench: &mut Bench<'_>,
    proved: &Proved,
    ttl: Span,
    pairs: &[Pair],
    rose: Option<i64>,
    in_time: bool,
) -> Option<Judged> {
    let again = rose.unwrap_or(0) > 0;
    let odd: Vec<_> = pairs
        .iter()
        .filter_map(|p| Some((not_a_replay(bench, p)?, p)))
        .collect();
    let differs = pairs.iter().find(|p| {
        proved.effect.is_none() && differ(&proved.witness, &p.first, &p.second).is_some()
    });
    if !again && odd.is_empty() && differs.is_none() {
        return None;
    }
    if !in_time {
        let text = format!("The target is too slow to be asked twice within its ttl of {ttl}.");
        return Some(Judged::not_proven(text));
    }
    let (likely, mend) = (
        "answers are kept for less than the ttl, or the store drops them early",
        "keep every answer for its whole ttl, and declare the one that is kept",
    );
    if let (true, Some(level)) = (again, proved.effect) {
        let text = format!(
            "Retried within the ttl of {ttl}, keys ran again: the {} rose by {}.",
            level.word(),
            rose.unwrap_or(0)
        );
        let judged = Judged::ran_twice(level, text).because(likely, mend);
        return Some(shown(bench, judged, pairs.first()?));
    }
    if let Some(pair) = differs {
        let text = format!(
            "Retried within the ttl of {ttl}, an answer differs, but may be made for each answer."
        );
        return Some(shown(bench, Judged::not_proven(text), pair));
    }
    let (what, pair) = odd.first()?;
    let text = format!("Retried within the ttl of {ttl}, it was no replay: {what}.");
    let judged = if odd.len() == pairs.len() {
        Judged::breach(text).because(likely, mend)
    } else {
        Judged::not_proven(format!(
            "Unstable, {} of {}: {text}",
            odd.len(),
            pairs.len()
        ))
    };
    Some(shown(bench, judged, pair))
}

/// After the ttl the default profile forgets; the others only may.
fn after(
    bench: &mut Bench<'_>,
    proved: &Proved,
    ttl: Span,
    pairs: &[Pair],
    rose: Option<i64>,
) -> Judged {
    let total = pairs.len();
    let anew = if let Some(rose) = rose {
        usize::try_from(rose).unwrap_or(0)
    } else {
        let differs = |p: &&Pair| differ(&proved.witness, &p.first, &p.second).is_some();
        pairs.iter().filter(differs).count()
    };
    if let Some(pair) = pairs.iter().find(|p| good(&p.first) && !good(&p.second)) {
        let text = format!("After the ttl of {ttl} a retry got {}.", pair.second.status);
        return shown(bench, Judged::breach(text), pair);
    }
    if anew >= total {
        let text = format!("Within the ttl of {ttl} replayed, after it run anew; {total} times.");
        return Judged::proven(proved.level(), text);
    }
    let kept = format!(
        "after the ttl of {ttl} {} of {total} were still replayed",
        total - anew
    );
    if bench.profile != Profile::Default {
        let text = format!("Within the ttl replayed; {kept}, which the profile leaves open.");
        return Judged::proven(proved.level(), text);
    }
    if anew > 0 {
        return Judged::not_proven(format!("Unstable: {kept}."));
    }
    let text = format!("A ttl has no end: {kept}.");
    let judged = Judged::breach(text).because(
        "expired answers are never dropped, or the ttl is longer than is declared",
        "let a claim overwrite what has expired, and declare the ttl that is kept",
    );
    match pairs.first() {
        Some(pair) => shown(bench, judged, pair),
        None => judged,
    }
}
