//! Keys that are missing, malformed, doubled or too long.

use super::{judged::Judged, script::script};
use crate::{
    case::Response,
    run::{Bench, Intent, Proved},
    verdict::Level,
};

pub(super) fn missing(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let header = header(bench);
    let mut bare = bench.intent()?;
    bare.request.headers.remove(&header);
    let expected = allowed(bench, "missing-key", bench.contract.missing);
    refused(bench, proved, &expected, &[("no key", bare)])
}

pub(super) fn malformed(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let header = header(bench);
    let mut empty = bench.intent()?;
    empty.request.headers.set(&header, "");
    let mut open = bench.intent()?;
    let broken = format!("\"{}", bench.fresh_key());
    open.request.headers.set(&header, broken);
    let expected = allowed(bench, "malformed-key", bench.contract.malformed);
    let sent = [("an empty key", empty), ("an unclosed quote", open)];
    refused(bench, proved, &expected, &sent)
}

pub(super) fn doubled(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let header = header(bench);
    let mut doubled = bench.intent()?;
    let second = bench.fresh_key();
    doubled.request.headers.0.push((header, second));
    let expected = allowed(bench, "doubled-key", bench.contract.malformed);
    refused(bench, proved, &expected, &[("two keys", doubled)])
}

pub(super) fn long(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let intent = bench.intent()?;
    let front = format!("{:k<255}", bench.fresh_key());
    let one = bench.with_key(&intent, &format!("{front}-1"))?;
    let two = bench.with_key(&intent, &format!("{front}-2"))?;
    let expected = allowed(bench, "long-key", bench.contract.too_long);
    if !expected.is_empty() {
        return refused(
            bench,
            proved,
            &expected,
            &[(
                "257 bytes",
                Intent {
                    request: one,
                    ..intent
                },
            )],
        );
    }
    let before = bench.effects()?;
    let first = bench.send(&one)?.response;
    let second = bench.send(&two)?.response;
    let rose = before.zip(bench.settled()?).map(|(b, a)| a - b);
    let cut = (200..300).contains(&second.status) && rose == Some(1) && proved.effect.is_some();
    if let (true, Some(level)) = (cut, proved.effect) {
        let text = "Two long keys that differ in their last byte count as one: the key is cut.";
        return Ok(Judged::ran_twice(level, text)
            .because(
                "the key is cut to a column's width",
                "refuse keys that are too long",
            )
            .show("first", &first)
            .show("second", &second)
            .script(script(bench, &[("first", &one), ("second", &two)])));
    }
    Ok(silent(&[first, second]))
}

fn header(bench: &Bench<'_>) -> String {
    let place = bench.endpoint.key.as_ref();
    place.and_then(|k| k.header.clone()).unwrap_or_default()
}

/// The statuses that are right: the plan's, or else the profile's.
fn allowed(bench: &Bench<'_>, scenario: &str, profile: Option<u16>) -> Vec<u16> {
    match bench.expected(scenario) {
        Some(own) if !own.status.is_empty() => own.status.clone(),
        _ => profile.into_iter().collect(),
    }
}

/// Each request must get one of these statuses, and run nothing unless the plan says
/// that success is right. Without any, nothing is promised.
fn refused(
    bench: &mut Bench<'_>,
    proved: &Proved,
    expected: &[u16],
    sent: &[(&str, Intent)],
) -> Result<Judged, String> {
    let counts = proved.effect.is_some();
    let mut answers = Vec::new();
    for (label, intent) in sent {
        bench.watch(&[intent]);
        let request = &intent.request;
        let before = if counts { bench.effects()? } else { None };
        let answer = bench.send(request)?.response;
        let after = if counts { bench.settled()? } else { None };
        let rose = before.zip(after).map_or(0, |(b, a)| a - b);
        let evidence = |judged: Judged, bench: &Bench<'_>| {
            judged
                .show(label, &answer)
                .script(script(bench, &[(label, request)]))
        };
        let got = answer.status;
        if got >= 500 {
            let text = format!("With {label} the service answered {got}.");
            return Ok(evidence(Judged::breach(text), bench));
        }
        if expected.is_empty() || got < 400 && expected.contains(&got) {
            answers.push(answer);
            continue;
        }
        let mend = "check the key before anything else, and answer 400";
        if rose > 0 && !expected.contains(&got) {
            let text = format!("With {label} the request ran ({got}), unprotected.");
            let judged = Judged::breach(text).because("the key is optional or not checked", mend);
            return Ok(evidence(
                Judged {
                    level: proved.effect,
                    ..judged
                },
                bench,
            ));
        }
        if rose > 0 || !expected.contains(&got) {
            let wanted = list(expected);
            let text = format!("With {label} the service answered {got}, not {wanted}.");
            let judged = Judged::breach(text).because("the key is not checked", mend);
            return Ok(evidence(judged, bench));
        }
        answers.push(answer);
    }
    if expected.is_empty() {
        return Ok(silent(&answers));
    }
    let level = proved.effect.or(Some(Level::Answer));
    let labels: Vec<_> = sent.iter().map(|(l, _)| *l).collect();
    let labels = labels.join(", with ");
    let text = if answers.iter().any(|a| a.status < 400) {
        format!("With {labels} the request runs, as the plan declares.")
    } else {
        format!(
            "With {labels} refused with {}, nothing run.",
            list(expected)
        )
    };
    Ok(Judged::proven(level, text))
}

fn list(statuses: &[u16]) -> String {
    let each: Vec<_> = statuses.iter().map(ToString::to_string).collect();
    each.join(" or ")
}

fn silent(answers: &[Response]) -> Judged {
    let got: Vec<_> = answers.iter().map(|a| a.status.to_string()).collect();
    let text = format!(
        "The profile says nothing here; the service answered {}.",
        got.join(", ")
    );
    Judged::skipped(text)
}
