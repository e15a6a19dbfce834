//! C3: what counts must stand still while nothing is sent.

use std::time::Duration;

use super::{Bench, Proved};
use crate::scenario::Judged;

/// So long is nothing sent.
const STILL: Duration = Duration::from_secs(1);

/// The first meter that stands still is the one that counts.
pub(super) fn choose(bench: &mut Bench<'_>, proved: &mut Proved) {
    for meter in bench.meters.clone() {
        let (level, marked) = (meter.level, meter.marked());
        bench.meter = Some(meter);
        if marked {
            // A mark that nobody has sent: its count has to be the same twice as well.
            let _ = bench.intent();
        }
        let (passed, text) = match bench.stands_still() {
            Ok(Some(count)) => {
                (bench.at_start, bench.own) = (Some(count), 0);
                let text = format!("the {} stood still for a second", level.word());
                (true, text)
            }
            Ok(None) => {
                let word = level.word();
                let text = format!(
                    "the {word} moved while nothing was sent: count by a mark of the request's, \
                     `${{name}}` of a field in `request.fresh`"
                );
                (false, text)
            }
            Err(e) => (false, e),
        };
        if bench.control("C3", passed, text) {
            proved.effect = Some(level);
            return;
        }
    }
    bench.meter = None;
}

impl Bench<'_> {
    /// The count, if it is the same after a second.
    pub(super) fn stands_still(&mut self) -> Result<Option<i64>, String> {
        let before = self.settled()?;
        self.rest(STILL)?;
        let after = self.effects()?;
        Ok(after.filter(|_| before == after))
    }

    /// A violation that rests on effects needs a count that still stands still: other
    /// traffic must not accuse a service.
    pub(super) fn undisturbed(&mut self, proved: &Proved, judged: Judged) -> Judged {
        if !judged.fact || proved.effect.is_none() || judged.level != proved.effect {
            return judged;
        }
        match self.stands_still() {
            Ok(Some(_)) => judged,
            Ok(None) => {
                let why = "what counts moved while nothing was sent, right after the scenario";
                self.control("C3", false, why);
                let text = format!("{} But {why} (C3).", judged.sentence);
                judged.doubted(text)
            }
            // It is a fact at its first sight, and the count stood still before.
            Err(why) if self.stop.asked().is_some() => {
                judged.fact(format!("not looked at again: {why}"))
            }
            Err(why) => {
                let text = format!("{} But the count failed: {why}.", judged.sentence);
                judged.doubted(text)
            }
        }
    }
}
