//! A request that fails, sent again: is the error final, or is the key free?

use super::{judged::Judged, script::script};
use crate::{
    run::{Bench, Proved},
    verdict::Level,
};

/// Client errors that a retry may cure: no profile makes them final.
const TRANSIENT: &[u16] = &[401, 408, 409, 423, 425, 429];

pub(super) fn run(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    if bench.endpoint.error_case.is_empty() {
        let text = "Nothing provokes an error: give `error_case: { body.field: value }`.";
        return Ok(Judged::not_proven(text));
    }
    let intent = bench.intent()?;
    let mut request = intent.request.clone();
    for (field, value) in &bench.endpoint.error_case {
        field.put(&mut request, value)?;
    }
    let counts = proved.effect.is_some();
    let before = if counts { bench.effects()? } else { None };
    let first = bench.send(&request)?.response;
    let second = bench.send(&request)?.response;
    let after = if counts { bench.settled()? } else { None };
    let rose = before.zip(after).map_or(0, |(b, a)| a - b);
    if first.status < 400 {
        let text = format!(
            "`error_case` was answered {}, which is no error.",
            first.status
        );
        return Ok(Judged::not_proven(text));
    }
    let evidence = |judged: Judged, bench: &Bench<'_>| {
        let sent = [("fails", &request), ("again", &request)];
        judged
            .show("first", &first)
            .show("again", &second)
            .script(script(bench, &sent))
    };
    if let (true, Some(level)) = (rose >= 2, proved.effect) {
        let text = format!("A request answered {} left {rose} effects.", first.status);
        return Ok(evidence(Judged::ran_twice(level, text), bench));
    }
    let own = bench.expected("error-retry").and_then(|e| e.replayed);
    let last = if own.is_some() {
        own
    } else if first.status >= 500 {
        bench.contract.server_error_final
    } else {
        (!TRANSIENT.contains(&first.status)).then_some(true)
    };
    let mark = bench.contract.replay_mark;
    let marked = mark.is_some_and(|(n, v)| second.headers.get(n) == Some(v));
    let equal = first.status == second.status && first.body == second.body;
    Ok(match last {
        None => Judged::skipped(format!(
            "The profile says nothing about {}; the retry got {}.",
            first.status, second.status
        )),
        Some(true) if equal && (marked || mark.is_none()) => {
            let level = proved.effect.or(Some(Level::Answer));
            let text = format!(
                "The error {} is final, and its retry got it again.",
                first.status
            );
            Judged::proven(level, text)
        }
        Some(true) => {
            let text = format!(
                "The error {} is final by the profile, but its retry got {}{}.",
                first.status,
                second.status,
                if marked {
                    ""
                } else {
                    ", not marked as a replay"
                }
            );
            evidence(Judged::breach(text), bench).because(
                "only successful answers are stored",
                "store final errors too, or declare them retryable",
            )
        }
        Some(false) if marked => {
            let text = format!(
                "{} is replayed: the key is burnt by a failure.",
                first.status
            );
            evidence(Judged::breach(text), bench).because(
                "every answer is stored",
                "free the key after a server error, so that a retry can succeed",
            )
        }
        Some(false) => {
            let level = proved.effect.or(Some(Level::Answer));
            let text = format!("{} freed the key: the retry ran anew.", first.status);
            Judged::proven(level, text)
        }
    })
}
