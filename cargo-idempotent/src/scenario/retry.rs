//! Retries as a client makes them, until its key is no longer said to be in use.

use std::time::Duration;

use super::judged::Judged;
use crate::{
    case::Response,
    net::now,
    plan::Span,
    run::{Bench, Intent},
};

/// A key may be in use for so long after its lease: clocks and sweepers are not exact.
pub(super) const GRACE: Duration = Duration::from_secs(5);

/// What the retries came to.
pub(super) struct Retried {
    pub(super) last: Response,
    pub(super) waited: Duration,
    /// Whether one of them was told that the key is in use.
    pub(super) busy: bool,
    /// Whether the last one still was.
    still: bool,
}

pub(super) fn retry(bench: &mut Bench<'_>, intent: &Intent) -> Result<Retried, String> {
    let bound = bench.lease.map_or(bench.patience, |lease| lease.0 + GRACE);
    let bound = bound.min(bench.patience);
    let (start, mut busy) = (now(), false);
    loop {
        let last = bench.send(&intent.request)?.response;
        let waited = now() - start;
        let still = bench.contract.in_flight.contains(&last.status) && !unknown(&last);
        busy |= still;
        if !still || waited > bound {
            return Ok(Retried {
                last,
                waited,
                busy,
                still,
            });
        }
        // At first often, as most claims end soon; then as seldom as does no harm.
        let pause = if waited.as_secs() < 2 { 50 } else { 250 };
        bench.rest(Duration::from_millis(pause))?;
    }
}

impl Retried {
    /// The verdict if the key is in use to the end: a violation only beyond a lease
    /// that is declared, as a longer one may well be right.
    pub(super) fn in_use(&self, bench: &Bench<'_>, after: &str) -> Option<Judged> {
        if !self.still {
            return None;
        }
        let (status, waited) = (self.last.status, self.waited.as_secs());
        let got = format!("{after}; its retries got {status} for {waited} s");
        Some(match bench.lease {
            Some(lease) if self.waited > lease.0 + GRACE => {
                let text = format!("{got}. The key is stuck: its lease is {lease}.");
                Judged::breach(text).because(
                    "the claim of a run that was cut off has no end",
                    "give claims a lease, or end them when the work is dropped",
                )
            }
            Some(lease) => Judged::not_proven(format!(
                "{got}, and its lease is {lease}: give --patience {}.",
                Span(lease.0 + GRACE + GRACE)
            )),
            None => Judged::not_proven(format!(
                "{got}, and how long a claim may last is not declared: say `lease:` in the plan."
            )),
        })
    }
}

/// Whether an answer refuses a retry as the first run's outcome is not known.
pub(super) fn unknown(answer: &Response) -> bool {
    let text = answer.body.as_text().unwrap_or_default();
    answer.status >= 400 && text.to_ascii_lowercase().contains("unknown")
}
