//! A key with another path of the same route: what a client sends by mistake when its
//! key is made of too little.

use super::{judged::Judged, script::script, tally::good};
use crate::run::{Bench, Proved};

pub(super) fn applies(bench: &Bench<'_>) -> Option<String> {
    super::keyed(bench).or_else(|| {
        let path = bench.endpoint.request.path.as_ref();
        let varies = path.is_some_and(|p| p.contains("${"));
        (!varies).then(|| "its path is the same for every request".into())
    })
}

/// Refused or run by itself: both are right. The first one's answer is not.
pub(super) fn run(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let (first, other) = (bench.intent()?, bench.intent()?);
    if first.request.url == other.request.url {
        let text = "Two runs of what the path needs gave one path: nothing to tell apart.";
        return Ok(Judged::not_proven(text));
    }
    let key = bench.fresh_key();
    let (first, other) = (bench.with_key(&first, &key)?, bench.with_key(&other, &key)?);
    let counts = proved.effect.is_some();
    let before = if counts { bench.effects()? } else { None };
    let one = bench.send(&first)?.response;
    let two = bench.send(&other)?.response;
    let after = if counts { bench.settled()? } else { None };
    let rose = before.zip(after).map(|(b, a)| a - b);
    let sent = [("one path", &first), ("another, with its key", &other)];
    let evidence = |judged: Judged, bench: &Bench<'_>| {
        judged
            .show("one path", &one)
            .show("the other", &two)
            .script(script(bench, &sent))
            .because(
                "keys belong to the route's template, not to the path",
                "make the path a part of the fingerprint, or of the record's identity",
            )
    };
    if !good(&one) {
        let text = format!("The first request got {}.", one.status);
        return Ok(Judged::not_proven(text));
    }
    let leaked = proved.witness.iter().find(|field| {
        let value = field.of(&one);
        value.is_some() && value == field.of(&two)
    });
    // Where both were counted to run, equal values are made of the key or the payload.
    if let (true, Some(field)) = (good(&two) && rose != Some(2), leaked) {
        let text = format!("Another path got the first one's answer: {field} is equal.");
        return Ok(Judged {
            fact: true,
            ..evidence(Judged::breach(text), bench)
        });
    }
    Ok(match (good(&two), rose) {
        (true, Some(2)) => {
            Judged::proven(proved.effect, "Another path with the key ran by itself.")
        }
        (true, Some(rose)) => {
            let text = format!(
                "Another path with the key got {}, but there were {rose} effects, not 2.",
                two.status
            );
            evidence(Judged::breach(text), bench)
        }
        (true, None) if !proved.witness.is_empty() => Judged::proven(
            proved.level(),
            "Another path with the key got an answer of its own.",
        ),
        (true, None) => Judged::not_proven("Nothing tells two answers apart: give `witness:`."),
        (false, Some(rose)) if rose > 1 => {
            let text = format!("Another path was refused ({}), and yet it ran.", two.status);
            evidence(Judged::breach(text), bench)
        }
        (false, _) if two.status >= 500 => {
            let text = format!("Another path with the key got {}.", two.status);
            evidence(Judged::breach(text), bench)
        }
        (false, _) => {
            let text = format!("Another path with the key was refused ({}).", two.status);
            Judged::proven(proved.effect, text)
        }
    })
}
