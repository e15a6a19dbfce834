//! Controls on what is sent: another payload, and no key.

use super::{Bench, Proved};

/// C8: the other payload has to be one that runs.
pub(super) fn other(bench: &mut Bench<'_>, proved: &mut Proved) -> Result<(), String> {
    if bench.endpoint.other.payload.is_empty() {
        proved.other_payload = Some("the plan has no `other.payload`".into());
        return Ok(());
    }
    let intent = bench.intent()?;
    let other = bench.with_other_payload(&intent)?;
    let status = bench.send(&other)?.response.status;
    let passed = (200..400).contains(&status);
    let text = format!("the other payload with a fresh key got {status}");
    if !bench.control("C8", passed, text.clone()) {
        proved.other_payload = Some(text);
    }
    Ok(())
}

/// C10, informative: two requests without a key.
pub(super) fn without_key(bench: &mut Bench<'_>, proved: &Proved) -> Result<(), String> {
    let header = bench.endpoint.key.as_ref().and_then(|k| k.header.clone());
    let (Some(header), Some(_)) = (header, proved.effect) else {
        return Ok(());
    };
    let mut bare = bench.intent()?.request;
    bare.headers.remove(&header);
    let before = bench.effects()?;
    let a = bench.send(&bare)?.response.status;
    let b = bench.send(&bare)?.response.status;
    let rose = before.zip(bench.settled()?).map_or(0, |(b, a)| a - b);
    let text = format!("twice without a key: {a} and {b}, {rose} effects");
    bench.control("C10", true, text);
    Ok(())
}
