//! A key with another payload, and a payload with another key.

use super::{judged::Judged, script::script, tally::good};
use crate::{
    case::Response,
    plan::Field,
    run::{Bench, Proved},
    verdict::Level,
};

pub(super) fn other_payload(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    if let Some(why) = &proved.other_payload {
        return Ok(Judged::not_proven(format!(
            "It is not known that the other payload runs by itself: {why}."
        )));
    }
    let expected = expected(bench);
    let (mut wrong, mut last) = (0, None);
    for _ in 0..3 {
        let intent = bench.intent()?;
        let other = bench.with_other_payload(&intent)?;
        let first = bench.send(&intent.request)?.response;
        let before = counted(bench, proved)?;
        let second = bench.send(&other)?.response;
        let refused = counted(bench, proved)?;
        let third = bench.send(&intent.request)?.response;
        let rose = before.zip(refused).map(|(b, a)| a - b);
        let again = refused.zip(counted(bench, proved)?).map(|(b, a)| a - b);
        let evidence = |judged: Judged, bench: &Bench<'_>| {
            let sent = [
                ("first", &intent.request),
                ("the key with another payload", &other),
                ("first again", &intent.request),
            ];
            judged
                .show("first", &first)
                .show("other payload", &second)
                .script(script(bench, &sent))
        };
        let mend = "keep a fingerprint of the request with the key, and compare it first";
        if rose.is_some_and(|r| r > 0) {
            let level = proved.effect.unwrap_or(Level::Ledger);
            let text = format!(
                "The key ran a second time, for another payload ({}).",
                second.status
            );
            let judged = Judged::ran_twice(level, text).because("the key is forgotten", mend);
            return Ok(evidence(judged, bench));
        }
        if let Some(field) = leak(&proved.witness, &first, &second) {
            let text = format!(
                "Another payload got {} with {field} of the first one's answer.",
                second.status
            );
            let judged = Judged::breach(text).because("no fingerprint is kept", mend);
            return Ok(Judged {
                fact: true,
                ..evidence(judged, bench)
            });
        }
        if again.is_some_and(|r| r > 0) {
            let level = proved.effect.unwrap_or(Level::Ledger);
            let text = "After another payload was refused, the first ran a second time.";
            let judged = Judged::ran_twice(level, text)
                .because("the refusal forgets the key", "leave the record as it is");
            return Ok(evidence(judged, bench));
        }
        if third.status != first.status {
            let text = format!(
                "After another payload was refused, the first got {}, not its {}.",
                third.status, first.status
            );
            return Ok(evidence(Judged::breach(text), bench));
        }
        if !expected.contains(&second.status) {
            wrong += 1;
            let allowed: Vec<_> = expected.iter().map(ToString::to_string).collect();
            let text = format!(
                "Another payload under a used key got {}, not {}.",
                second.status,
                allowed.join(" or ")
            );
            last = Some(evidence(
                Judged::breach(text).because("no fingerprint is kept", mend),
                bench,
            ));
        }
    }
    Ok(match (last, wrong) {
        (Some(judged), 3) => judged,
        (Some(judged), times) => {
            let text = format!("Unstable, in {times} of 3: {}", judged.sentence);
            Judged::not_proven(text)
        }
        (None, _) => {
            let level = proved.effect.or(Some(Level::Answer));
            Judged::proven(level, "Refused each of 3 times; the first kept its answer.")
        }
    })
}

fn expected(bench: &Bench<'_>) -> Vec<u16> {
    match bench.endpoint.expect.get("other-payload") {
        Some(own) if !own.status.is_empty() => own.status.clone(),
        _ => bench.contract.other_payload.into_iter().collect(),
    }
}

/// A witness value of the first answer that stands in the second.
fn leak<'a>(witness: &'a [Field], first: &Response, second: &Response) -> Option<&'a Field> {
    let text = second.body.as_text()?;
    witness.iter().find(|field| {
        let value = field.of(first).unwrap_or_default();
        // Shorter ones stand in any text by accident.
        value.len() >= 6 && text.contains(&value)
            || good(second) && field.of(second).is_some_and(|v| v == value)
    })
}

fn counted(bench: &mut Bench<'_>, proved: &Proved) -> Result<Option<i64>, String> {
    if proved.effect.is_some() {
        bench.settled()
    } else {
        Ok(None)
    }
}

pub(super) fn other_key(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    if let Some(why) = &proved.second_key {
        let text = format!("{why}: the key cannot be told from a uniqueness rule (C2).");
        return Ok(Judged::not_proven(text));
    }
    let intent = bench.intent()?;
    let key = bench.fresh_key();
    let other = bench.with_key(&intent, &key)?;
    let before = counted(bench, proved)?;
    let first = bench.send(&intent.request)?.response;
    let second = bench.send(&other)?.response;
    let rose = before.zip(counted(bench, proved)?).map(|(b, a)| a - b);
    let sent = [("one key", &intent.request), ("another key", &other)];
    let evidence = |judged: Judged, bench: &Bench<'_>| {
        judged
            .show("one key", &first)
            .show("another key", &second)
            .script(script(bench, &sent))
    };
    let (likely, mend) = (
        "records are found by the payload, not by the key",
        "make the key, not the content, the record's identity",
    );
    Ok(match (rose, proved.effect) {
        (Some(2), level) => Judged::proven(level, "Two keys, one payload: two effects."),
        (Some(rose), Some(level)) => {
            let text = format!("Two keys, one payload: {rose} effects, not 2. An order is lost.");
            evidence(Judged::ran_twice(level, text), bench).because(likely, mend)
        }
        _ if super::tally::differ(&proved.witness, &first, &second).is_some() => {
            let text = "Two keys, one payload: two results of their own.";
            Judged::proven(Some(Level::Witness), text)
        }
        _ if !proved.witness.is_empty() && good(&second) => {
            let text = "Two keys, one payload: one result for both. An order is lost.";
            evidence(Judged::ran_twice(Level::Witness, text), bench).because(likely, mend)
        }
        _ => Judged::not_proven("Nothing tells two runs from one: give --ledger or `witness:`."),
    })
}
