//! Attempts that are left hanging, or killed: their keys are taken over after the lease.

use std::{thread, time::Duration};

use super::{
    crash::killed,
    judged::Judged,
    retry::{GRACE, Retried, retry, unknown},
    script::script,
    tally::good,
};
use crate::{
    net::Connection,
    plan::{AfterCrash, Span},
    run::{Bench, Intent, Proved},
    verdict::Level,
};

pub(super) fn applies(bench: &Bench<'_>) -> Option<String> {
    super::keyed(bench).or_else(|| match bench.lease {
        None => Some("the plan declares no `lease`".into()),
        Some(lease) => {
            let long = lease.0 + GRACE > bench.patience;
            let patience = Span(bench.patience);
            long.then(|| format!("the lease is {lease}, and --patience is {patience}"))
        }
    })
}

/// What the attempts came to so far.
#[derive(Default)]
struct Seen {
    attempts: usize,
    /// Whose key was held, and then taken over.
    held: usize,
    longest: Duration,
    /// Ran again, which at-least-once allows.
    again: usize,
    refused: usize,
}

pub(super) fn run(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let (Some(level), Some(lease)) = (proved.effect, bench.lease) else {
        let text = "What an unseen run did can only be counted: give --ledger or a list `probe:`.";
        return Ok(Judged::not_proven(text));
    };
    let mut seen = Seen::default();
    if let Some(judged) = hanging(bench, level, &mut seen)? {
        return Ok(judged);
    }
    if let (0, Some(process)) = (seen.held, bench.process) {
        for moment in [30, 55, 80] {
            let intent = bench.intent()?;
            let before = bench.effects()?.unwrap_or(0);
            let (answered, _) = killed(bench, process, &intent, moment)?;
            let retried = retry(bench, &intent)?;
            let rose = bench.settled()?.unwrap_or(0) - before;
            if answered {
                continue;
            }
            let what = format!("The target was killed at {moment} % of a request");
            if let Some(judged) = judge(bench, level, &intent, &retried, rose, &what, &mut seen) {
                return Ok(judged);
            }
        }
    }
    if seen.held == 0 {
        let more = if bench.process.is_some() {
            ""
        } else {
            ": give --target-cmd, so that a run can be killed"
        };
        return Ok(Judged::not_proven(format!(
            "No attempt could be left holding its key, as the service claims it once the request \
             is whole{more}."
        )));
    }
    let text = format!(
        "{} of {} attempts held their key when they were cut off, and were taken over after {:.1} \
         s at most; the lease is {lease}.",
        seen.held,
        seen.attempts,
        seen.longest.as_secs_f64()
    );
    let mut judged = Judged::proven(Some(level), text);
    if seen.again > 0 {
        let text = format!("as declared, at least once: {} ran again", seen.again);
        judged = judged.fact(text);
    }
    if seen.refused > 0 {
        let text = format!("{} refused, as the outcome is not known", seen.refused);
        judged = judged.fact(text);
    }
    Ok(judged)
}

/// Clients that stop in the middle of a request and stay; their retries; then they go on.
fn hanging(bench: &mut Bench<'_>, level: Level, seen: &mut Seen) -> Result<Option<Judged>, String> {
    for (label, share) in [("after the head", 0), ("in its body", 50)] {
        let intent = bench.intent()?;
        let body = intent.request.body.0.len();
        if body == 0 {
            break;
        }
        let before = bench.effects()?.unwrap_or(0);
        let mut bytes = bench.bytes(&intent.request);
        let rest = bytes.split_off(bytes.len() - body + body * share / 100);
        bench.requests += 1;
        let mut connection = Connection::open(&bench.target).map_err(|e| bench.failure(e))?;
        connection.send(&bytes)?;
        // It has to be read before the retry is.
        thread::sleep(Duration::from_millis(50));
        let retried = retry(bench, &intent)?;
        let rose = bench.settled()?.unwrap_or(0) - before;
        let what = format!("A client stopped {label} and stayed");
        if let Some(judged) = judge(bench, level, &intent, &retried, rose, &what, seen) {
            return Ok(Some(judged));
        }
        let before = bench.effects()?.unwrap_or(0);
        // A server may have ended the connection: then nothing comes to life.
        if connection.send(&rest).is_ok() {
            let _ = connection.receive(false);
        }
        let rose = bench.settled()?.unwrap_or(0) - before;
        if rose > 0 && bench.plan.after_crash == Some(AfterCrash::AtLeastOnce) {
            seen.again += 1;
        } else if rose > 0 {
            let text = format!(
                "A client that had stopped {label} went on after its key was taken over: the {} \
                 rose once more.",
                level.word()
            );
            let judged = Judged::ran_twice(level, text).because(
                "an attempt whose lease has ended may still commit",
                "let each claim carry a rising number, and refuse a commit with an old one",
            );
            let sent = [("slowly, and on another connection", &intent.request)];
            return Ok(Some(judged.script(script(bench, &sent))));
        }
    }
    Ok(None)
}

fn judge(
    bench: &mut Bench<'_>,
    level: Level,
    intent: &Intent,
    retried: &Retried,
    rose: i64,
    what: &str,
    seen: &mut Seen,
) -> Option<Judged> {
    let evidence = |judged: Judged, bench: &Bench<'_>| {
        judged
            .show("the last retry's answer", &retried.last)
            .script(script(
                bench,
                &[("cut off, and sent again", &intent.request)],
            ))
    };
    seen.attempts += 1;
    if retried.busy {
        seen.held += 1;
        seen.longest = seen.longest.max(retried.waited);
    }
    if rose >= 2 {
        if bench.plan.after_crash == Some(AfterCrash::AtLeastOnce) {
            seen.again += 1;
            return None;
        }
        let word = level.word();
        let text = format!("{what}, and its retry ran: the {word} rose by {rose}.");
        let judged = if bench.plan.after_crash.is_some() || bench.process.is_none() {
            Judged::ran_twice(level, text)
        } else {
            let text = format!("{text} Say `after_crash:` in the plan to have this judged.");
            Judged::not_proven(text)
        };
        return Some(evidence(judged, bench));
    }
    if let Some(judged) = retried.in_use(bench, what) {
        return Some(evidence(judged, bench));
    }
    if unknown(&retried.last) {
        seen.refused += 1;
        return None;
    }
    if !good(&retried.last) {
        let text = format!("{what}; its retry got {}.", retried.last.status);
        return Some(evidence(Judged::breach(text), bench));
    }
    if rose < 1 {
        let text = format!("{what}; the retry got a success, and no effect was counted.");
        return Some(evidence(Judged::ran_twice(level, text), bench));
    }
    None
}
