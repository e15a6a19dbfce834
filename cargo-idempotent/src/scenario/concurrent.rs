//! Concurrent duplicates: the arms in turn, until one of them gets in twice or the
//! budget ends.

use std::{collections::BTreeMap, time::Duration};

use super::{burst::wrong, confirm::confirm, judged::Judged};
use crate::{
    net::now,
    race::{Arm, Burst, Session, rotation, speaks_h2},
    run::{Bench, Bursts, Intent, Proved},
    verdict::Level,
};

/// Bursts of an arm on one set of connections: hits come early in an arm.
const TURN: usize = 10;

/// One burst and what it did.
pub(super) struct Hit {
    pub(super) burst: Burst,
    pub(super) intent: Intent,
    pub(super) arm: Arm,
    pub(super) number: usize,
    /// Its number among all bursts of the endpoint, as in the events.
    pub(super) id: usize,
    /// When it was over, from the search's start.
    pub(super) after: Duration,
    pub(super) rose: Option<i64>,
    pub(super) what: Wrong,
}

pub(super) enum Wrong {
    Effects(Level, i64),
    /// Two successes differ in a field; whether both can be read.
    Results(String, bool),
    Status(u16),
    NeverReplays(u16),
}

#[derive(Default)]
pub(super) struct Count {
    pub(super) bursts: usize,
    pub(super) overlapped: usize,
    /// Bursts after which nothing was counted.
    pub(super) idle: usize,
    pub(super) statuses: BTreeMap<u16, usize>,
}

pub(super) fn run(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    if proved.level().is_none() {
        let text = "Nothing tells one run from two: give --ledger, a list `probe:`, `witness:`.";
        return Ok(Judged::not_proven(text));
    }
    let mut count = Count::default();
    let (budget, time) = (bench.plan.budget.bursts, bench.plan.budget.time.0);
    let start = now();
    let h2 = speaks_h2(&bench.target);
    let arms = rotation(h2);
    let mut turn = usize::try_from(bench.seed).unwrap_or(0);
    while count.bursts < budget && now() - start < time && bench.allowance.left() {
        bench.stop.check()?;
        let arm = arms[turn % arms.len()];
        bench.watch.bursts(Bursts {
            done: count.bursts,
            of: budget,
            left: time.saturating_sub(now() - start),
        });
        turn += 1;
        if let Some(mut hit) = arm_turn(bench, proved, arm, &mut count, TURN)? {
            hit.after = now() - start;
            let judged = confirm(bench, proved, &hit, &count);
            return Ok(judged.fact(spoken(h2)));
        }
    }
    if count.bursts == 0 {
        return Err(bench.allowance.text());
    }
    let overlapped = count.overlapped;
    let text = format!("{overlapped} of {} bursts surely overlapped", count.bursts);
    if !bench.control("C5", overlapped > 0, text) {
        return Ok(Judged::not_proven("The requests never overlapped (C5)."));
    }
    if count.idle > 0 {
        let text = format!(
            "After {} of {} bursts no effect was counted.",
            count.idle, count.bursts
        );
        return Ok(Judged::not_proven(text));
    }
    let said: Vec<_> = count
        .statuses
        .iter()
        .map(|(s, n)| format!("{s} ×{n}"))
        .collect();
    // 1 − 0.05^(1/B): what would have been seen once with 95 % confidence.
    #[allow(clippy::cast_precision_loss, reason = "a few hundred bursts")]
    let share = 1.0 - 0.05_f64.powf(1.0 / overlapped as f64);
    let sentence = format!(
        "0 double runs in {} bursts; {overlapped} overlapped. A race that a burst meets with \
         probability above {:.1} % would have shown with 95 % confidence, if bursts were \
         independent.",
        count.bursts,
        share * 100.0
    );
    let judged = Judged::proven(proved.level(), sentence)
        .fact(format!("answers: {}", said.join(", ")))
        .fact(spoken(h2));
    Ok(if bench.allowance.left() {
        judged
    } else {
        bench.allowance.refuse();
        judged.fact(format!("ended early: {}", bench.allowance.text()))
    })
}

/// Whether the arms of HTTP/2 took part.
fn spoken(h2: bool) -> &'static str {
    if h2 {
        "the target speaks HTTP/2: copies were sent so as well"
    } else {
        "the target speaks no HTTP/2: all copies were sent by HTTP/1.1"
    }
}

/// Some bursts of one arm, on connections opened anew.
pub(super) fn arm_turn(
    bench: &mut Bench<'_>,
    proved: &Proved,
    arm: Arm,
    count: &mut Count,
    turns: usize,
) -> Result<Option<Hit>, String> {
    let mut session = Session::open(&bench.instances(), arm).map_err(|e| bench.failure(e))?;
    for turn in 0..turns {
        if !bench.allowance.left() {
            bench.allowance.refuse();
            break;
        }
        let intent = bench.intent()?;
        let counts = proved.effect.is_some();
        let before = if counts { bench.effects()? } else { None };
        let latency = bench.latency.clone();
        let burst = session
            .burst(&intent.request, &mut bench.random, &latency)
            .map_err(|e| bench.failure(e))?;
        bench.requests += burst.shots.len();
        bench.bursts += 1;
        bench.events.burst(bench.bursts, &burst);
        count.bursts += 1;
        count.overlapped += usize::from(burst.overlapped);
        bench.lost(burst.shots.iter().filter(|s| s.answer.is_none()).count());
        for shot in &burst.shots {
            // A copy whose connection failed counts as status 0.
            let status = shot.answer.as_ref().map_or(0, |a| a.status);
            *count.statuses.entry(status).or_default() += 1;
        }
        let mut after = if counts { bench.effects()? } else { None };
        let mut rose = before.zip(after).map(|(b, a)| a - b);
        if rose.is_some_and(|r| r != 1) {
            after = bench.settled()?;
            rose = before.zip(after).map(|(b, a)| a - b);
        }
        count.idle += usize::from(rose.is_some_and(|r| r < 1));
        if let Some(what) = wrong(bench, proved, &burst, &intent, rose, turn == 0)? {
            return Ok(Some(Hit {
                burst,
                intent,
                arm,
                number: count.bursts,
                id: bench.bursts,
                after: Duration::ZERO,
                rose,
                what,
            }));
        }
    }
    Ok(None)
}
