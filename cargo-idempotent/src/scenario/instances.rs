//! One key at two instances of one service.

use super::{judged::Judged, script::script, tally::good};
use crate::run::{Bench, Proved};

pub(super) fn applies(bench: &Bench<'_>) -> Option<String> {
    super::keyed(bench).or_else(|| {
        let one = bench.others.is_empty();
        one.then(|| "there is one instance: give --target twice".into())
    })
}

/// First at one instance, then at each other one. Concurrent copies over all of them
/// are the concurrent scenario's.
pub(super) fn run(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let Some(level) = proved.effect else {
        let text = "Nothing counts effects: give --ledger, or a `probe:` that lists them.";
        return Ok(Judged::not_proven(text));
    };
    let others = bench.others;
    for other in others {
        let intent = bench.intent()?;
        let before = bench.effects()?.unwrap_or(0);
        let first = bench.send(&intent.request)?.response;
        let second = bench.send_to(other, &intent.request)?.response;
        let rose = bench.settled()?.unwrap_or(0) - before;
        let sent = [
            ("at the first", &intent.request),
            ("at the other", &intent.request),
        ];
        let evidence = |judged: Judged, bench: &Bench<'_>| {
            judged
                .show("at the first", &first)
                .show("at the other", &second)
                .fact(format!("the other instance: {}", other.url))
                .script(script(bench, &sent))
        };
        if rose >= 2 {
            let text = format!(
                "One key at two instances: the {} rose by {rose}.",
                level.word()
            );
            return Ok(evidence(Judged::ran_twice(level, text), bench).because(
                "each instance keeps its keys to itself",
                "keep them in a store that all instances share",
            ));
        }
        if !good(&second) || rose < 1 {
            let status = second.status;
            let text = format!("The other instance answered {status}; {rose} effects.");
            return Ok(evidence(Judged::breach(text), bench));
        }
    }
    let text = format!(
        "One key at {} instances: one effect, replayed.",
        others.len() + 1
    );
    Ok(Judged::proven(Some(level), text))
}
