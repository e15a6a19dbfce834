//! What is wrong with a burst, if something is.

use super::{
    concurrent::Wrong,
    tally::{differ, good},
};
use crate::{
    case::Response,
    race::Burst,
    run::{Bench, Intent, Proved},
};

pub(super) fn wrong(
    bench: &mut Bench<'_>,
    proved: &Proved,
    burst: &Burst,
    intent: &Intent,
    rose: Option<i64>,
    retry: bool,
) -> Result<Option<Wrong>, String> {
    if let (Some(rose), Some(level)) = (rose, proved.effect)
        && rose >= 2
    {
        return Ok(Some(Wrong::Effects(level, rose)));
    }
    let answers: Vec<&Response> = burst
        .shots
        .iter()
        .filter_map(|s| s.answer.as_ref())
        .collect();
    if let Some(failed) = answers.iter().find(|a| a.status >= 500) {
        return Ok(Some(Wrong::Status(failed.status)));
    }
    let done: Vec<_> = answers.iter().filter(|a| good(a)).collect();
    let first = done.first();
    let other = first.and_then(|f| {
        let found = done
            .iter()
            .find_map(|d| Some((differ(&proved.witness, f, d)?, *d)));
        found.map(|(field, d)| (field.to_string(), (**f).clone(), (*d).clone()))
    });
    if let Some((field, a, b)) = other {
        let both = proved.readable
            && crate::run::readable(bench, &intent.request, &a)
            && crate::run::readable(bench, &intent.request, &b);
        return Ok(Some(Wrong::Results(field, both)));
    }
    let expected = bench.endpoint.expect.get("in_flight");
    let allowed = expected.map_or(bench.contract.in_flight.to_vec(), |e| e.status.clone());
    let odd = answers
        .iter()
        .find(|a| !good(a) && !allowed.contains(&a.status));
    if let Some(odd) = odd {
        return Ok(Some(Wrong::Status(odd.status)));
    }
    if retry || first.is_none() {
        let again = bench.send(&intent.request)?.response;
        let replayed = match first {
            Some(first) => again.status == first.status,
            None => good(&again),
        };
        if !replayed {
            return Ok(Some(Wrong::NeverReplays(again.status)));
        }
    }
    Ok(None)
}
