//! One way of counting, chosen by the plan.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;

use super::{Marks, Sink};
use crate::{
    case::{Headers, Request, Response},
    net::Target,
    plan::{Endpoint, Plan},
    run::Intent,
    verdict::Level,
};

#[derive(Clone, Debug)]
pub(crate) struct Meter {
    pub level: Level,
    marks: Marks,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    Get(Arc<Get>),
    /// What reached the sink; the text that a request must hold, if any.
    Sink(Arc<Sink>, String),
    #[cfg(feature = "sql")]
    Sql(Arc<super::sql::Query>),
    /// Asked for, and not to be had.
    Missing(String),
}

/// A GET, and the number's place in its answer.
#[derive(Debug)]
pub(crate) struct Get {
    pub request: Request,
    /// Where it goes, if not to the service under test.
    pub at: Option<Target>,
    count: String,
}

impl Get {
    /// A path of the service, or a whole URL, which may lead elsewhere.
    fn of(path: &str, count: &str, target: &Target, headers: &Headers) -> Result<Self, String> {
        let (at, url) = if path.contains("://") {
            let trust = target.tls.as_ref().map(|tls| tls.trust().clone());
            let at = Target::anywhere(path, &trust.unwrap_or_default())?;
            let same = (at.scheme(), &at.authority) == (target.scheme(), &target.authority);
            ((!same).then_some(at), path.to_owned())
        } else {
            (None, format!("{}{path}", target.url))
        };
        // What opens the service's door is shown to nobody else.
        let headers = if at.is_none() {
            headers.clone()
        } else {
            Headers::default()
        };
        let request = Request {
            method: "GET".into(),
            url,
            headers,
            ..Request::default()
        };
        Ok(Self {
            request,
            at,
            count: count.to_owned(),
        })
    }
}

/// What a meter needs to be read.
pub(crate) enum Reading {
    /// The answer to this, read by [`Meter::read`].
    Ask(Arc<Get>),
    /// The count itself.
    Count(i64),
}

impl Meter {
    /// What the plan has for an endpoint, the strongest first; a probe counts only if
    /// its path is the same for every request.
    pub(crate) fn all(
        plan: &Plan,
        endpoint: &Endpoint,
        target: &Target,
        headers: &Headers,
        sink: Option<&Arc<Sink>>,
    ) -> Vec<Self> {
        let get = |path: &str, count: &str| match Get::of(path, count, target, headers) {
            Ok(get) => Source::Get(Arc::new(get)),
            Err(why) => Source::Missing(why),
        };
        let meter = |level, text: &str, source| match Marks::of(text, endpoint) {
            Ok(marks) => Self {
                level,
                marks,
                source,
            },
            Err(why) => Self {
                level,
                marks: Marks::default(),
                source: Source::Missing(why),
            },
        };
        let mut all = Vec::new();
        if let Some(ledger) = &plan.oracles.ledger {
            all.push(if let Some(sql) = &ledger.sql {
                meter(Level::Ledger, &sql.query, query(sql))
            } else {
                let source = get(&ledger.get, &ledger.count);
                meter(Level::Ledger, &ledger.count, source)
            });
        }
        if let (Some(sink), Some(asked)) = (sink, &plan.oracles.sink) {
            let holds = asked.holds.clone().unwrap_or_default();
            let source = Source::Sink(Arc::clone(sink), holds.clone());
            all.push(meter(Level::Sink, &holds, source));
        }
        let probes = endpoint.probe.iter().filter(|p| !p.get.contains("${"));
        all.extend(probes.map(|probe| {
            let count = probe.count.clone().unwrap_or_default();
            meter(Level::Probe, &count, get(&probe.get, &count))
        }));
        all
    }

    /// Whether it counts by marks only, and no total.
    pub(crate) fn marked(&self) -> bool {
        !self.marks.is_empty()
    }

    /// The different marks of the requests that are watched; one that is empty where
    /// everything is counted.
    pub(crate) fn marks_of(&self, watched: &[Intent]) -> Vec<BTreeMap<String, String>> {
        if !self.marked() {
            return vec![BTreeMap::new()];
        }
        let mut all: Vec<_> = watched.iter().map(|i| self.marks.values(i)).collect();
        all.sort();
        all.dedup();
        all
    }

    /// Reads the count of one mark, or says what to ask for it.
    pub(crate) fn reading(&self, mark: &BTreeMap<String, String>) -> Result<Reading, String> {
        match &self.source {
            Source::Get(get) => Ok(Reading::Ask(Arc::clone(get))),
            Source::Sink(sink, holds) => {
                let holds = (!holds.is_empty()).then(|| filled(holds, mark));
                Ok(Reading::Count(sink.count(holds.as_deref())))
            }
            #[cfg(feature = "sql")]
            Source::Sql(query) => query.count(mark).map(Reading::Count),
            Source::Missing(why) => Err(why.clone()),
        }
    }

    /// The count in an answer.
    pub(crate) fn read(
        &self,
        answer: &Response,
        mark: &BTreeMap<String, String>,
    ) -> Result<i64, String> {
        let Source::Get(get) = &self.source else {
            return Err("this meter has no answer to read".into());
        };
        let (url, count) = (&get.request.url, &get.count);
        if answer.status != 200 {
            return Err(format!("{url} answered {}", answer.status));
        }
        let json = answer.body.as_json();
        let json = json.ok_or_else(|| format!("{url} did not answer JSON"))?;
        let mut parts = count.split('.').filter(|p| !p.is_empty());
        let value = parts.try_fold(&json, |value, part| match value {
            // A mark may have dots of its own: it is filled in after the split.
            Value::Array(list) => list.get(filled(part, mark).parse::<usize>().ok()?),
            value => value.get(filled(part, mark)),
        });
        let length = |n: usize| i64::try_from(n).ok();
        let number = match value {
            Some(Value::Array(list)) => length(list.len()),
            Some(Value::Object(map)) => length(map.len()),
            Some(number) => number.as_i64(),
            // What has had no effect yet is not listed.
            None if self.marked() => Some(0),
            None => None,
        };
        number.ok_or_else(|| format!("{url} has no number and no list at `{count}`"))
    }

    /// The request that reads it, if it is one; else what to do by hand.
    pub(crate) fn by_hand(&self) -> Result<&Request, String> {
        match &self.source {
            Source::Get(get) => Ok(&get.request),
            Source::Sink(sink, _) => Err(format!(
                "count what reaches the service that stands at {}",
                sink.address()
            )),
            #[cfg(feature = "sql")]
            Source::Sql(query) => Err(format!("in the database: {}", query.text())),
            Source::Missing(why) => Err(why.clone()),
        }
    }
}

fn filled(text: &str, values: &BTreeMap<String, String>) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("${{{name}}}"), value)
    })
}

#[cfg(feature = "sql")]
fn query(sql: &crate::plan::Sql) -> Source {
    match super::sql::Query::new(sql) {
        Ok(query) => Source::Sql(Arc::new(query)),
        Err(why) => Source::Missing(why),
    }
}

#[cfg(not(feature = "sql"))]
fn query(_: &crate::plan::Sql) -> Source {
    let why = "this build cannot ask databases: install it with the feature `sql`";
    Source::Missing(why.into())
}
