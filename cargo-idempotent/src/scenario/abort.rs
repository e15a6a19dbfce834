//! The client goes away at several points, and comes back with its key.

use std::{fmt, thread, time::Duration};

use super::{judged::Judged, retry::retry, script::script, tally::good};
use crate::{
    net::{Connection, now},
    run::{Bench, Intent, Moments, Proved},
};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Point {
    HeadSent,
    HalfTheBody,
    LastByte,
    TenMsLater,
    FirstAnswerByte,
}

const POINTS: [Point; 5] = [
    Point::HeadSent,
    Point::HalfTheBody,
    Point::LastByte,
    Point::TenMsLater,
    Point::FirstAnswerByte,
];

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HeadSent => "after the head",
            Self::HalfTheBody => "after half the body",
            Self::LastByte => "after the last byte",
            Self::TenMsLater => "10 ms after the last byte",
            Self::FirstAnswerByte => "at the answer's first byte",
        })
    }
}

pub(super) fn run(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let Some(level) = proved.effect else {
        let text = "What an unseen run did can only be counted: give --ledger or a list `probe:`.";
        return Ok(Judged::not_proven(text));
    };
    let (mut seen, mut said) = (0, Vec::new());
    for point in POINTS {
        let intent = bench.intent()?;
        let before = bench.effects()?.unwrap_or(0);
        leave(bench, &intent, point)?;
        // C6: without a retry, does the effect appear?
        if point >= Point::LastByte && appears(bench, before)? {
            seen += 1;
        }
        let retried = retry(bench, &intent)?;
        let last = retried.last.clone();
        let rose = bench.settled()?.unwrap_or(0) - before;
        let evidence = |judged: Judged, bench: &Bench<'_>| {
            judged
                .show("the retry's answer", &last)
                .script(script(bench, &[("left and sent again", &intent.request)]))
        };
        if rose >= 2 {
            let text = format!(
                "The client left {point} and retried: the {} rose by {rose}.",
                level.word()
            );
            return Ok(evidence(Judged::ran_twice(level, text), bench).because(
                "the key is freed when the connection ends, while the work goes on",
                "let the work end by itself, and the key with it",
            ));
        }
        if let Some(judged) = retried.in_use(bench, &format!("The client left {point}")) {
            return Ok(evidence(judged, bench));
        }
        if !good(&last) {
            let text = format!("The client left {point}; its retry got {}.", last.status);
            return Ok(evidence(Judged::breach(text), bench));
        }
        if rose < 1 {
            let text = format!("The client left {point}; the retry got a success, and no effect.");
            return Ok(evidence(Judged::ran_twice(level, text), bench));
        }
        said.push(format!("{point}: retry {}", last.status));
    }
    let text =
        format!("without a retry the effect appeared at {seen} of 3 points after the last byte");
    if !bench.control("C6", seen > 0, text) {
        return Ok(Judged::not_proven(
            "The service never ran what was left to itself (C6).",
        ));
    }
    let text = "Client left at 5 points; each retry succeeded, and there was one effect in all.";
    Ok(said
        .into_iter()
        .fold(Judged::proven(Some(level), text), Judged::fact))
}

fn leave(bench: &mut Bench<'_>, intent: &Intent, point: Point) -> Result<(), String> {
    let bytes = bench.bytes(&intent.request);
    let body = intent.request.body.0.len();
    let cut = match point {
        Point::HeadSent => bytes.len() - body,
        Point::HalfTheBody => bytes.len() - body.div_ceil(2),
        _ => bytes.len(),
    };
    bench.requests += 1;
    let began = now();
    let mut connection = Connection::open(&bench.target).map_err(|e| bench.failure(e))?;
    connection.send(&bytes[..cut])?;
    let released = (cut == bytes.len()).then(now);
    match point {
        // What is closed before it is read was never sent.
        Point::HeadSent | Point::HalfTheBody => thread::sleep(Duration::from_millis(25)),
        Point::TenMsLater => thread::sleep(Duration::from_millis(10)),
        Point::FirstAnswerByte => connection.first_byte()?,
        Point::LastByte => {}
    }
    drop(connection);
    let moments = Moments {
        began,
        released,
        answered: None,
        left: Some(now()),
    };
    bench.events.exchange(&intent.request, &moments);
    Ok(())
}

fn appears(bench: &mut Bench<'_>, before: i64) -> Result<bool, String> {
    for _ in 0..20 {
        if bench.effects()?.unwrap_or(0) > before {
            return Ok(true);
        }
        thread::sleep(Duration::from_millis(15));
    }
    Ok(false)
}
