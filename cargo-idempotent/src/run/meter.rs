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
    /// What the plan has for an endpoint, the strongest first; a probe counts only if
    /// its path is the same for every request.
    pub(super) fn all(
        plan: &Plan,
        endpoint: &Endpoint,
        target: &str,
        headers: &Headers,
    ) -> Vec<Self> {
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
        let ledger = plan.oracles.ledger.iter().map(|ledger| Self {
            level: Level::Ledger,
            request: get(&ledger.get),
            count: ledger.count.clone(),
        });
        let probes = endpoint.probe.iter().filter(|p| !p.get.contains("${"));
        let probes = probes.map(|probe| Self {
            level: Level::Probe,
            request: get(&probe.get),
            count: probe.count.clone().unwrap_or_default(),
        });
        ledger.chain(probes).collect()
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
