//! One intention of a client: a request with its key, ready to be sent and repeated.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::bench::Bench;
use crate::{
    case::{Request, Url},
    plan::{Field, KeyFormat, KeyPlace},
};

#[derive(Clone, Debug)]
pub(crate) struct Intent {
    pub request: Request,
    /// Values of earlier answers, for the probe's path as well.
    pub values: BTreeMap<String, String>,
}

impl Bench<'_> {
    /// A new intention: fresh key, fresh fields, and what it needs made anew.
    pub(crate) fn intent(&mut self) -> Result<Intent, String> {
        self.intent_by(None)
    }

    /// The same, sent by another than the plan says.
    pub(super) fn intent_by(&mut self, by: Option<&str>) -> Result<Intent, String> {
        let intent = self.intent_of(self.endpoint.id.as_str(), by, 0)?;
        self.watch(&[&intent]);
        Ok(intent)
    }

    fn intent_of(&mut self, id: &str, by: Option<&str>, depth: usize) -> Result<Intent, String> {
        let plan = self.plan;
        let endpoint = plan.endpoints.iter().find(|e| e.id == id);
        let endpoint = endpoint.ok_or_else(|| format!("no endpoint `{id}` in the plan"))?;
        if depth > 8 {
            return Err(format!("the needs of `{id}` go round in a circle"));
        }
        self.stop.check()?;
        self.allowance.take()?;
        self.own += 1;
        let mut values = BTreeMap::new();
        let own = by.or(endpoint.principal.as_deref());
        for need in &endpoint.needs {
            // A producer runs anew for each intention, so that none meets the last one's state.
            let step = need.principal.as_deref();
            let producer = if plan.endpoints.iter().any(|e| e.id == need.from) {
                self.intent_of(&need.from, step.or(by), depth + 1)?.request
            } else {
                self.prepared(&need.from, step.or(own))?
            };
            let answer = self.send(&producer)?;
            let taken = need.take.of(&answer.response).ok_or_else(|| {
                let status = answer.response.status;
                format!("{} answered {status} without {}", need.from, need.take)
            })?;
            let taken = match need.take {
                Field::Header(_) => taken.rsplit('/').next().unwrap_or_default().to_owned(),
                Field::Body(_) => taken,
            };
            values.insert(need.name.clone(), taken);
        }
        let mut request = self.prepared(&endpoint.request.case, own)?;
        if let Some(path) = &endpoint.request.path {
            let path = fill(path, &values);
            request.url = moved(&request.url, &path)?;
        }
        for (field, value) in &endpoint.request.set {
            let value = match value {
                Value::String(text) => json!(fill(text, &values)),
                other => other.clone(),
            };
            field.put(&mut request, &value)?;
        }
        for field in &endpoint.request.fresh {
            let unique = self.unique(field);
            field.put(&mut request, &unique)?;
        }
        // The plan's own path and fields may name secrets as well.
        self.unmask(&mut request);
        let key = self.fresh_key();
        if let Some(place) = &endpoint.key {
            place_key(place, &mut request, &key)?;
        }
        Ok(Intent { request, values })
    }

    /// A value that no earlier one equals; an e-mail address stays one.
    fn unique(&mut self, field: &Field) -> Value {
        let id = self.fresh_key();
        let short = &id[..13];
        if field.name().to_ascii_lowercase().contains("mail") {
            json!(format!("fresh-{short}@example.com"))
        } else {
            json!(format!("fresh-{short}"))
        }
    }

    /// The same with another key.
    pub(crate) fn with_key(&self, intent: &Intent, key: &str) -> Result<Request, String> {
        let mut request = intent.request.clone();
        if let Some(place) = &self.endpoint.key {
            place_key(place, &mut request, key)?;
        }
        Ok(request)
    }

    /// The same with the fields of another payload.
    pub(crate) fn with_other_payload(&self, intent: &Intent) -> Result<Request, String> {
        let mut request = intent.request.clone();
        for (field, value) in &self.endpoint.other.payload {
            field.put(&mut request, value)?;
        }
        Ok(request)
    }
}

fn place_key(place: &KeyPlace, request: &mut Request, key: &str) -> Result<(), String> {
    let key = match place.format {
        KeyFormat::Uuid4 => key.to_owned(),
        KeyFormat::Quoted => format!("\"{key}\""),
    };
    match (&place.header, &place.body) {
        (Some(header), _) => {
            request.headers.set(header, key);
            Ok(())
        }
        (None, Some(path)) => Field::body(path).put(request, &json!(key)),
        (None, None) => Err("`key:` names neither a header nor a body field".into()),
    }
}

/// Puts values in the place of `${name}`.
pub(super) fn fill(text: &str, values: &BTreeMap<String, String>) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("${{{name}}}"), value)
    })
}

fn moved(url: &str, path: &str) -> Result<String, String> {
    let parsed = Url::parse(url)?;
    Ok(format!("{}://{}{path}", parsed.scheme, parsed.authority))
}
