//! One key with two credentials: each caller's keys are its own.

use super::{judged::Judged, script::script, tally::good};
use crate::{
    run::{Bench, CREDENTIALS, Proved},
    verdict::Level,
};

pub(super) fn applies(bench: &Bench<'_>) -> Option<String> {
    super::keyed(bench).or_else(|| {
        let given = bench.has_other();
        let request = bench.own().ok()?;
        let open = CREDENTIALS.iter().all(|n| request.headers.get(n).is_none());
        (open && !given).then(|| {
            "the request carries no credential; if it does, say so in `other.principal`".into()
        })
    })
}

pub(super) fn run(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    if !bench.has_other() {
        let text = "There is no second credential: give `other: { principal: … }`.";
        return Ok(Judged::not_proven(text));
    }
    // C7: the other principal's own fresh key has to work.
    let own = bench.other_intent()?;
    let own = bench.send(&own.request)?.response;
    let text = format!("the other principal's own fresh key got {}", own.status);
    if !bench.control("C7", good(&own), text) {
        return Ok(Judged::not_proven(
            "The second credential does not work (C7).",
        ));
    }
    let intent = bench.intent()?;
    let other = bench.by_other(&intent.request);
    let counts = proved.effect.is_some();
    let before = if counts { bench.effects()? } else { None };
    let first = bench.send(&intent.request)?.response;
    let second = bench.send(&other)?.response;
    let after = if counts { bench.settled()? } else { None };
    let rose = before.zip(after).map(|(b, a)| a - b);
    let evidence = |judged: Judged, bench: &Bench<'_>| {
        let sent = [("one principal", &intent.request), ("the other", &other)];
        judged
            .show("one principal", &first)
            .show("the other", &second)
            .script(script(bench, &sent))
            .because(
                "records are found by the key alone",
                "make the caller a part of the record's identity",
            )
    };
    let leaked = proved.witness.iter().find(|f| {
        let value = f.of(&first);
        value.is_some() && value == f.of(&second)
    });
    // Where both were counted to run, equal values are made of the key or the payload.
    if let (Some(field), true) = (leaked, rose != Some(2)) {
        let text = format!("The other principal got the first one's answer: {field} is equal.");
        let level = proved.effect.unwrap_or(Level::Witness);
        return Ok(evidence(Judged::ran_twice(level, text), bench));
    }
    // A cookie that everybody gets is no session.
    let cookie = first.headers.get("set-cookie");
    let shared = cookie.is_some() && cookie == second.headers.get("set-cookie");
    if shared && cookie != own.headers.get("set-cookie") {
        let text = "The other principal got the first one's Set-Cookie, and with it the session.";
        let level = proved.effect.unwrap_or(Level::Answer);
        return Ok(evidence(Judged::ran_twice(level, text), bench));
    }
    Ok(match (rose, proved.effect) {
        (Some(2), level) => Judged::proven(level, "One key, two principals: two effects."),
        (Some(rose), Some(level)) => {
            let text = format!(
                "One key, two principals: {rose} effects, not 2; the second got {}.",
                second.status
            );
            evidence(Judged::ran_twice(level, text), bench)
        }
        _ if !proved.witness.is_empty() && good(&second) => {
            let text = "One key, two principals: two answers of their own.";
            Judged::proven(Some(Level::Witness), text)
        }
        _ => Judged::not_proven("Nothing tells two runs from one: give --ledger or `witness:`."),
    })
}
