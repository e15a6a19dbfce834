//! PUT and DELETE twice: the state after the second is the state after the first.

use super::{judged::Judged, script::script};
use crate::{
    run::{Bench, Proved},
    verdict::Level,
};

pub(super) fn run(bench: &mut Bench<'_>, _: &Proved) -> Result<Judged, String> {
    if bench.endpoint.probe.is_none() {
        let text = "Nothing shows the state: give `probe: { get: /path }`.";
        return Ok(Judged::not_proven(text));
    }
    for _ in 0..3 {
        let mut intent = bench.intent()?;
        // The second is a client's second try: where the plan has a key, a new one.
        let first = bench.send(&intent.request)?.response;
        let one = bench.state(&intent).transpose()?;
        if bench.state(&intent).transpose()? != one {
            let text = "The probe's answer changes while nothing is sent (C3): it shows no state.";
            return Ok(Judged::not_proven(text));
        }
        let key = bench.fresh_key();
        intent.request = bench.with_key(&intent, &key)?;
        let second = bench.send(&intent.request)?.response;
        let two = bench.state(&intent).transpose()?;
        let sent = [("once", &intent.request), ("twice", &intent.request)];
        let evidence = |judged: Judged, bench: &Bench<'_>| {
            judged
                .show("first", &first)
                .show("second", &second)
                .fact(format!(
                    "state after the first: {}",
                    one.as_deref().unwrap_or("")
                ))
                .fact(format!(
                    "state after the second: {}",
                    two.as_deref().unwrap_or("")
                ))
                .script(script(bench, &sent))
        };
        if first.status >= 400 {
            let text = format!(
                "The first was answered {}: give `needs` or a setup.",
                first.status
            );
            return Ok(evidence(Judged::not_proven(text), bench));
        }
        if one != two {
            let text = "The second changed the state again.";
            return Ok(
                evidence(Judged::ran_twice(Level::Probe, text), bench).because(
                    "the handler adds or counts instead of setting",
                    "let the request carry the whole new state, or use a key",
                ),
            );
        }
        let gone = bench.method == "DELETE" && matches!(second.status, 404 | 410);
        if second.status >= 400 && !gone {
            let text = format!("The second was answered {}.", second.status);
            return Ok(evidence(Judged::breach(text), bench));
        }
    }
    let text = "3 times sent twice: the probe showed one state after both.";
    Ok(Judged::proven(Some(Level::Probe), text))
}
