//! A slow client: its duplicate overtakes it while its body is still on the way.

use std::{thread, time::Duration};

use super::{judged::Judged, retry::retry, script::script, tally::good};
use crate::{
    net::Connection,
    run::{Bench, Proved},
};

pub(super) fn applies(bench: &Bench<'_>) -> Option<String> {
    super::keyed(bench).or_else(|| {
        let request = bench.own().ok()?;
        let bare = request.body.is_empty();
        bare.then(|| "the request has no body to be slow with".into())
    })
}

pub(super) fn run(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let Some(level) = proved.effect else {
        let text = "Nothing counts effects: give --ledger, or a `probe:` that lists them.";
        return Ok(Judged::not_proven(text));
    };
    for _ in 0..3 {
        let intent = bench.intent()?;
        let before = bench.effects()?.unwrap_or(0);
        let bytes = bench.bytes(&intent.request);
        let (front, back) = bytes.split_at(bytes.len() - intent.request.body.0.len().div_ceil(2));
        bench.requests += 1;
        let mut slow = Connection::open(&bench.target).map_err(|e| bench.failure(e))?;
        slow.send(front)?;
        thread::sleep(Duration::from_millis(20));
        let fast = bench.send(&intent.request)?.response;
        slow.send(back)?;
        let slow = slow.receive(false).map_err(|e| bench.failure(e))?.response;
        let retried = retry(bench, &intent)?;
        let rose = bench.settled()?.unwrap_or(0) - before;
        let evidence = |judged: Judged, bench: &Bench<'_>| {
            judged
                .show("the fast copy", &fast)
                .show("the slow one", &slow)
                .script(script(bench, &[("slowly, and at once", &intent.request)]))
        };
        if rose >= 2 {
            let text = format!(
                "A copy overtook a slow client: the {} rose by {rose}, answers {} and {}.",
                level.word(),
                fast.status,
                slow.status
            );
            return Ok(evidence(Judged::ran_twice(level, text), bench).because(
                "the key is looked up before the body is read, and not again after it",
                "claim once the body is there, in one step",
            ));
        }
        let busy = |status| bench.contract.in_flight.contains(&status);
        let odd = [&fast, &slow]
            .into_iter()
            .find(|a| !good(a) && !busy(a.status));
        if let Some(odd) = odd {
            let text = format!("Of a slow client and its copy one got {}.", odd.status);
            return Ok(evidence(Judged::breach(text), bench));
        }
        if let Some(judged) = retried.in_use(bench, "A copy overtook a slow client") {
            return Ok(evidence(judged, bench));
        }
        let last = retried.last.status;
        if rose < 1 || !good(&retried.last) {
            let text = format!("After both, a retry got {last}; {rose} effects.");
            return Ok(evidence(Judged::breach(text), bench));
        }
    }
    let text = "3 times a copy overtook a client whose body was half sent: one effect each.";
    Ok(Judged::proven(Some(level), text))
}
