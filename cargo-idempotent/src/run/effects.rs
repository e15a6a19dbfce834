//! What the target's state says: effects counted, and what a probe shows.

use std::time::Duration;

use super::{Bench, Intent, intent};
use crate::{
    case::Body,
    net::{encode, exchange},
    oracle::{Meter, Reading},
};

impl Bench<'_> {
    /// The number of effects so far, if something counts them.
    pub(crate) fn effects(&mut self) -> Result<Option<i64>, String> {
        let Some(meter) = self.meter.clone() else {
            return Ok(None);
        };
        let mut sum = 0;
        for mark in meter.marks_of(&self.watched) {
            sum += match meter.reading(&mark)? {
                Reading::Count(count) => count,
                Reading::Ask(get) => {
                    let answer = match &get.at {
                        None => self.send(&get.request)?,
                        Some(at) => exchange(at, &encode(&get.request, &at.authority))
                            .map_err(|e| format!("{}: {e}", get.request.url))?,
                    };
                    meter.read(&answer.response, &mark)?
                }
            };
        }
        if let (Some(start), false) = (self.at_start, meter.marked()) {
            let beyond = (sum - start - self.own).max(self.beyond);
            let more = usize::try_from(beyond - self.beyond);
            self.allowance.note(more.unwrap_or(0));
            self.beyond = beyond;
        }
        self.counted = Some(sum);
        Ok(Some(sum))
    }

    /// Counts the effects of these from now on, where effects are counted by marks.
    /// A new intention is watched by itself.
    pub(crate) fn watch(&mut self, intents: &[&Intent]) {
        self.watched = intents.iter().map(|i| (*i).clone()).collect();
    }

    /// The same, once it has stood still: two equal reads 100 ms apart, at most 5 s.
    pub(crate) fn settled(&mut self) -> Result<Option<i64>, String> {
        let mut last = self.effects()?;
        for _ in 0..50 {
            if last.is_none() {
                break;
            }
            self.rest(Duration::from_millis(100))?;
            let next = self.effects()?;
            if next == last {
                break;
            }
            last = next;
        }
        Ok(last)
    }

    /// Of a run that has ended early the last count that was seen: nothing more is asked.
    pub(super) fn effects_in_all(&mut self, ended: bool) -> Option<i64> {
        if self.meter.as_ref().is_some_and(Meter::marked) {
            // Only of some requests: no total.
            return None;
        }
        let start = self.at_start?;
        let end = if ended {
            self.counted?
        } else {
            self.effects().ok()??
        };
        Some(end - start)
    }

    /// The state that the probe shows, as text.
    pub(crate) fn state(&mut self, intent: &Intent) -> Option<Result<String, String>> {
        let probe = self.endpoint.probe.as_ref()?;
        let mut request = intent.request.clone();
        request.method = "GET".into();
        request.body = Body::default();
        request.url = format!(
            "{}{}",
            self.target.url,
            intent::fill(&probe.get, &intent.values)
        );
        if let Some(header) = self.endpoint.key.as_ref().and_then(|k| k.header.as_ref()) {
            request.headers.remove(header);
        }
        Some(self.send(&request).map(|a| {
            let body = String::from_utf8_lossy(&a.response.body.0).into_owned();
            format!("{} {body}", a.response.status)
        }))
    }
}
