//! Counting effects: by the ledger's URL, or by a list that a probe shows.

use serde_json::Value;

use crate::{
    case::{Headers, Request, Response},
    plan::{Endpoint, Plan},
    verdict::Level,
};

/// Where effects are counted.
#[derive(Clone, Debug)]
pub(crate) struct Meter {
    pub level: Level,
    pub request: Request,
    count: String,
}

impl Meter {
    /// The strongest that the plan has for an endpoint; a probe counts only if its
    /// path is the same for every request.
    pub(super) fn of(
        plan: &Plan,
        endpoint: &Endpoint,
        target: &str,
        headers: &Headers,
    ) -> Option<Self> {
        let absolute = |path: &str| {
            if path.contains("://") {
                path.to_owned()
            } else {
                format!("{target}{path}")
            }
        };
        let get = |path: &str| Request {
            method: "GET".into(),
            url: absolute(path),
            headers: headers.clone(),
            ..Request::default()
        };
        if let Some(ledger) = &plan.oracles.ledger {
            return Some(Self {
                level: Level::Ledger,
                request: get(&ledger.get),
                count: ledger.count.clone(),
            });
        }
        let probe = endpoint.probe.as_ref()?;
        (!probe.get.contains("${")).then(|| Self {
            level: Level::Probe,
            request: get(&probe.get),
            count: probe.count.clone().unwrap_or_default(),
        })
    }

    /// The count in an answer.
    pub(super) fn read(&self, answer: &Response) -> Result<i64, String> {
        if answer.status != 200 {
            return Err(format!("{} answered {}", self.request.url, answer.status));
        }
        let json = answer.body.as_json();
        let json = json.ok_or_else(|| format!("{} did not answer JSON", self.request.url))?;
        let mut parts = self.count.split('.').filter(|p| !p.is_empty());
        let value = parts.try_fold(&json, |value, part| match value {
            Value::Array(list) => list.get(part.parse::<usize>().ok()?),
            value => value.get(part),
        });
        let length = |n: usize| i64::try_from(n).ok();
        let count = match value {
            Some(Value::Array(list)) => length(list.len()),
            Some(Value::Object(map)) => length(map.len()),
            Some(number) => number.as_i64(),
            None => None,
        };
        count.ok_or_else(|| {
            format!(
                "{} has no number and no list at `{}`",
                self.request.url, self.count
            )
        })
    }
}
