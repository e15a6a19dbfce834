//! Sequential duplicates: run once, and the second answer is the first one's replay.

use super::{
    judged::Judged,
    script::script,
    tally::{differ, good},
};
use crate::{
    case::{Request, Response},
    plan::Field,
    run::{Bench, Proved},
    verdict::Level,
};

pub(super) const ROUNDS: usize = 3;

/// One intention sent twice.
pub(super) struct Pair {
    pub(super) request: Request,
    pub(super) first: Response,
    pub(super) second: Response,
    /// What the effects rose by, if something counts them.
    pub(super) rose: Option<i64>,
}

pub(super) fn pair(bench: &mut Bench<'_>, proved: &Proved) -> Result<Pair, String> {
    let intent = bench.intent()?;
    let counts = proved.effect.is_some();
    let before = if counts { bench.effects()? } else { None };
    let first = bench.send(&intent.request)?.response;
    let second = bench.send(&intent.request)?.response;
    let after = if counts { bench.settled()? } else { None };
    Ok(Pair {
        request: intent.request,
        first,
        second,
        rose: before.zip(after).map(|(b, a)| a - b),
    })
}

pub(super) fn sequential(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let mut breaches = Vec::new();
    for _ in 0..ROUNDS {
        let pair = pair(bench, proved)?;
        if let Some(judged) = twice(bench, proved, &pair) {
            return Ok(judged);
        }
        if let Some(what) = not_a_replay(bench, &pair) {
            breaches.push((what, pair));
        }
    }
    let level = proved.level();
    match (breaches.pop(), breaches.len() + 1) {
        (Some((what, pair)), ROUNDS) => {
            let sentence = format!("The second answer is not the first one's replay: {what}.");
            Ok(shown(bench, Judged::breach(sentence), &pair).because(
                "the answer is not stored, or a duplicate after completion is refused",
                "store the answer in the step that ends the work, and give it to every retry",
            ))
        }
        (Some((what, pair)), times) => {
            let text = format!("Unstable: in {times} of {ROUNDS} rounds {what}.");
            Ok(shown(bench, Judged::not_proven(text), &pair))
        }
        (None, _) if level.is_none() => Ok(Judged::not_proven(
            "The answers would look the same whether it ran once or twice. Give one of: \
             --ledger PATH, a `probe:` that lists what was added, `witness:` fields.",
        )),
        (None, _) => {
            let by = match level {
                Some(Level::Witness) => "the fields that differ between two runs were equal",
                _ => "the effects rose by one",
            };
            let text = format!("{ROUNDS} times sent twice: {by}, the second answer the replay.");
            Ok(Judged::proven(level, text))
        }
    }
}

/// Whether a pair ran twice, or cannot be told to have run at all.
fn twice(bench: &mut Bench<'_>, proved: &Proved, pair: &Pair) -> Option<Judged> {
    let likely = "the key is not looked up, or not kept after the first run";
    let mend = "claim the key before the work, and keep it with the answer after it";
    if let (Some(rose), Some(level)) = (pair.rose, proved.effect) {
        if rose >= 2 {
            let text = format!(
                "One key, two effects: the {} rose by {rose}, answers {} and {}.",
                level.word(),
                pair.first.status,
                pair.second.status
            );
            let judged = Judged::ran_twice(level, text).because(likely, mend);
            return Some(shown(bench, judged, pair));
        }
        if rose < 1 {
            let text = format!("a fresh key moved the {} by {rose}", level.word());
            return Some(Judged::not_proven(text));
        }
        return None;
    }
    let field = differ(&proved.witness, &pair.first, &pair.second)?.clone();
    Some(judge_witness(bench, proved, pair, &field).because(likely, mend))
}

fn judge_witness(bench: &mut Bench<'_>, proved: &Proved, pair: &Pair, field: &Field) -> Judged {
    let both = proved.readable
        && crate::run::readable(bench, &pair.request, &pair.first)
        && crate::run::readable(bench, &pair.request, &pair.second);
    let judged = if both {
        let text = format!("One key, two results: {field} differs, and both can be read.");
        Judged::ran_twice(Level::Witness, text)
    } else {
        Judged::not_proven(format!(
            "{field} differs between the answers, but it may be made for each answer: both \
             could not be read later."
        ))
    };
    shown(bench, judged, pair)
}

pub(super) fn not_a_replay(bench: &Bench<'_>, pair: &Pair) -> Option<String> {
    let wanted = bench.expected("sequential");
    if wanted.is_some_and(|e| e.replayed == Some(false) || e.status.contains(&pair.second.status)) {
        // The plan has it otherwise: that it ran once is all that is asked.
        return None;
    }
    if pair.second.status != pair.first.status {
        let (a, b) = (pair.first.status, pair.second.status);
        return Some(format!("{a} first, {b} then"));
    }
    let (name, value) = bench.contract.replay_mark?;
    let found = pair.second.headers.get(name);
    (good(&pair.first) && found != Some(value)).then(|| match found {
        None => format!("it has no `{name}: {value}`"),
        Some(found) => format!("it has `{name}: {found}`, not `{value}`"),
    })
}

pub(super) fn shown(bench: &Bench<'_>, judged: Judged, pair: &Pair) -> Judged {
    let request = &pair.request;
    judged
        .show("first", &pair.first)
        .show("second", &pair.second)
        .script(script(bench, &[("first", request), ("second", request)]))
}
