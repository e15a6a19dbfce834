//! The target is stopped, or killed, and started again; the client retries.

use std::{thread, time::Duration};

use super::{
    judged::Judged,
    retry::{retry, unknown},
    script::script,
    tally::good,
};
use crate::{
    net::{Process, exchange},
    plan::AfterCrash,
    run::{Bench, Intent, Proved},
    verdict::Level,
};

pub(super) fn applies(bench: &Bench<'_>) -> Option<String> {
    super::keyed(bench).or_else(|| {
        let none = bench.process.is_none();
        none.then(|| "the target is not ours to stop: give --target-cmd".into())
    })
}

/// SIGTERM after the answer; then the same request again.
pub(super) fn restart(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let (Some(level), Some(process)) = (proved.effect, bench.process) else {
        return Ok(nothing_counts());
    };
    let intent = bench.intent()?;
    let before = bench.effects()?.unwrap_or(0);
    let first = bench.send(&intent.request)?.response;
    process.stop()?;
    process.again()?;
    let kept = bench.effects()?.unwrap_or(0) - before;
    if kept != 1 {
        return Ok(forgetful(level, kept));
    }
    let retried = retry(bench, &intent)?;
    let second = retried.last.clone();
    let rose = bench.settled()?.unwrap_or(0) - before;
    let sent = [
        ("first", &intent.request),
        ("after the restart", &intent.request),
    ];
    let evidence = |judged: Judged, bench: &Bench<'_>| {
        judged
            .show("first", &first)
            .show("after the restart", &second)
            .script(script(bench, &sent))
    };
    Ok(if rose >= 2 {
        let text = format!(
            "A restart between request and retry: the {} rose by {rose}.",
            level.word()
        );
        evidence(Judged::ran_twice(level, text), bench).because(
            "keys and answers lie in the process's memory",
            "keep them in a store that outlives the process",
        )
    } else if good(&second) {
        Judged::proven(
            Some(level),
            "A restart between request and retry: one effect, replayed.",
        )
    } else if let Some(judged) = retried.in_use(bench, "The target was restarted") {
        evidence(judged, bench)
    } else {
        let text = format!(
            "After a restart the retry got {}; one effect.",
            second.status
        );
        evidence(Judged::breach(text), bench)
    })
}

/// Percent of the usual latency at which the target is killed: oftener towards the end,
/// where effect and answer are written.
const MOMENTS: [u32; 10] = [5, 30, 50, 60, 70, 80, 88, 95, 102, 110];

/// SIGKILL at several moments of a request; then the same request again.
pub(super) fn kill(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let (Some(level), Some(process)) = (proved.effect, bench.process) else {
        return Ok(nothing_counts());
    };
    let (mut inside, mut refused, mut twice) = (0, 0, Vec::new());
    let mut untrue = None;
    if !outlives(bench, process)? {
        return Ok(forgetful(level, 0));
    }
    for moment in MOMENTS {
        let intent = bench.intent()?;
        let before = bench.effects()?.unwrap_or(0);
        let (answered, wait) = killed(bench, process, &intent, moment)?;
        inside += usize::from(!answered);
        let kept = bench.effects()?.unwrap_or(0) - before;
        if kept < 0 {
            return Ok(forgetful(level, kept));
        }
        let retried = retry(bench, &intent)?;
        let last = retried.last.clone();
        let rose = bench.settled()?.unwrap_or(0) - before;
        let evidence = |judged: Judged, bench: &Bench<'_>| {
            judged
                .fact(format!(
                    "killed {} µs after the request was sent",
                    wait.as_micros()
                ))
                .show("the retry's answer", &last)
                .script(script(
                    bench,
                    &[("before and after the kill", &intent.request)],
                ))
        };
        if rose >= 2 {
            twice.push(moment);
            match bench.plan.after_crash {
                Some(AfterCrash::AtLeastOnce) => continue,
                Some(AfterCrash::ExactlyOnce) => {
                    let text = format!(
                        "Killed at {moment} % of a request and retried: the {} rose by {rose}.",
                        level.word()
                    );
                    let judged = Judged::ran_twice(level, text);
                    return Ok(evidence(judged, bench).because(
                        "effect and record are two commits",
                        "write both in one transaction",
                    ));
                }
                None => {
                    let text = format!(
                        "Killed at {moment} % of a request and retried, it ran twice. Whether that \
                         is right depends on what is promised: say `after_crash: at-least-once` or \
                         `exactly-once` in the plan."
                    );
                    return Ok(evidence(Judged::not_proven(text), bench));
                }
            }
        }
        let what = format!("Killed at {moment} % of a request");
        if let Some(judged) = retried.in_use(bench, &what) {
            return Ok(evidence(judged, bench));
        }
        if rose < 1 && good(&last) {
            untrue = Some(evidence(told_first(level, &what, last.status), bench));
        }
        if unknown(&last) || bench.expects("kill", last.status) {
            refused += 1;
        } else if !good(&last) {
            let text = format!("{what}: its retry got {}.", last.status);
            return Ok(evidence(Judged::breach(text), bench));
        }
    }
    if let Some(judged) = untrue {
        return Ok(judged);
    }
    let text = format!(
        "{inside} of {} kills fell between request and answer",
        MOMENTS.len()
    );
    if !bench.control("C9", inside > 0, text.clone()) {
        return Ok(Judged::not_proven("No kill landed inside a request (C9)."));
    }
    let sentence = if twice.is_empty() {
        format!(
            "Killed at {} moments and retried: one effect each; {text}.",
            MOMENTS.len()
        )
    } else {
        format!(
            "As declared, at least once: {} of {} retries ran again.",
            twice.len(),
            MOMENTS.len()
        )
    };
    let judged = Judged::proven(Some(level), sentence);
    Ok(match refused {
        0 => judged,
        n => judged.fact(format!("{n} retries refused, as the outcome is not known")),
    })
}

/// Whether what a request did is still counted when its process is killed long after.
fn outlives(bench: &mut Bench<'_>, process: &Process) -> Result<bool, String> {
    let intent = bench.intent()?;
    let before = bench.effects()?.unwrap_or(0);
    bench.send(&intent.request)?;
    bench.settled()?;
    process.kill()?;
    process.again()?;
    Ok(bench.effects()?.unwrap_or(0) - before == 1)
}

/// Sends a request, kills the target at a percentage of the usual latency, and starts
/// it anew; whether an answer came, and after what time it was killed.
pub(super) fn killed(
    bench: &mut Bench<'_>,
    process: &Process,
    intent: &Intent,
    moment: u32,
) -> Result<(bool, Duration), String> {
    let bytes = bench.bytes(&intent.request);
    let wait = bench.latency.at(50) * moment / 100;
    let target = bench.target.clone();
    let answered = thread::scope(|scope| {
        let sending = scope.spawn(|| exchange(&target, &bytes));
        thread::sleep(wait);
        let killed = process.kill();
        killed.map(|()| sending.join().is_ok_and(|sent| sent.is_ok()))
    })?;
    process.again()?;
    Ok((answered, wait))
}

fn nothing_counts() -> Judged {
    Judged::not_proven("What a dead process did can only be counted: give --ledger.")
}

/// A success whose effect the kill prevented.
fn told_first(level: Level, what: &str, status: u16) -> Judged {
    let text = format!("{what}: its retry got {status}, and no effect.");
    Judged::ran_twice(level, text).because(
        "the answer is stored before what it tells is committed",
        "write both in one transaction, or the answer last",
    )
}

fn forgetful(level: Level, kept: i64) -> Judged {
    Judged::not_proven(format!(
        "After the new start the {} had moved by {kept}, not by 1: it does not outlive the process.",
        level.word()
    ))
}
