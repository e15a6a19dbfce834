//! A field of a message: `body.a.b`, `body.items.0.id`, `header.Location`.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use crate::case::{Body, Request, Response};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Body(Vec<String>),
    Header(String),
}

impl Field {
    /// A field of a JSON body by its dotted path.
    pub(crate) fn body(path: &str) -> Self {
        Self::Body(path.split('.').map(str::to_owned).collect())
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Body(path) => path.last().map_or("", String::as_str),
            Self::Header(name) => name,
        }
    }

    /// Reads it from an answer.
    pub(crate) fn of(&self, answer: &Response) -> Option<String> {
        match self {
            Self::Header(name) => answer.headers.get(name).map(str::to_owned),
            Self::Body(path) => {
                let json = answer.body.as_json()?;
                text(at(&json, path)?)
            }
        }
    }

    /// Reads it from a request.
    pub(crate) fn sent(&self, request: &Request) -> Option<String> {
        match self {
            Self::Header(name) => request.headers.get(name).map(str::to_owned),
            Self::Body(path) => text(at(&request.body.as_json()?, path)?),
        }
    }

    /// Puts a value into a request.
    pub(crate) fn put(&self, request: &mut Request, value: &Value) -> Result<(), String> {
        match self {
            Self::Header(name) => {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                request.headers.set(name, text);
                Ok(())
            }
            Self::Body(path) => {
                let Some(mut json) = request.body.as_json() else {
                    return Err(format!("{self} cannot be set: the body is not JSON"));
                };
                set(&mut json, path, value.clone())
                    .ok_or_else(|| format!("{self} cannot be set: the body has no such place"))?;
                request.body = Body::text(json.to_string());
                Ok(())
            }
        }
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

fn at<'a>(json: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(json, |value, part| match value {
        Value::Array(list) => list.get(part.parse::<usize>().ok()?),
        value => value.get(part),
    })
}

fn set(json: &mut Value, path: &[String], value: Value) -> Option<()> {
    let Some((first, rest)) = path.split_first() else {
        *json = value;
        return Some(());
    };
    let next = match json {
        Value::Array(list) => list.get_mut(first.parse::<usize>().ok()?)?,
        Value::Object(map) => map.entry(first.clone()).or_insert(Value::Null),
        _ => return None,
    };
    set(next, rest, value)
}

/// Every scalar of a JSON value with its path, in their order.
pub(crate) fn leaves(json: &Value) -> Vec<(String, Value)> {
    fn walk(json: &Value, path: &str, out: &mut Vec<(String, Value)>) {
        let under = |part: &str| match path {
            "" => part.to_owned(),
            path => format!("{path}.{part}"),
        };
        match json {
            Value::Object(map) => map.iter().for_each(|(k, v)| walk(v, &under(k), out)),
            Value::Array(list) => {
                let items = list.iter().enumerate();
                items.for_each(|(i, v)| walk(v, &under(&i.to_string()), out));
            }
            scalar => out.push((path.to_owned(), scalar.clone())),
        }
    }
    let mut out = Vec::new();
    walk(json, "", &mut out);
    out
}

impl FromStr for Field {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('.') {
            Some(("body", path)) if !path.is_empty() => Ok(Self::body(path)),
            Some(("header", name)) if !name.is_empty() => Ok(Self::Header(name.to_owned())),
            _ => Err(format!(
                "`{text}` names no field: write body.a.b or header.Name"
            )),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(path) => write!(f, "body.{}", path.join(".")),
            Self::Header(name) => write!(f, "header.{name}"),
        }
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl JsonSchema for Field {
    fn schema_name() -> Cow<'static, str> {
        "Field".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^(body|header)\\..+$",
            "description": "A field of a message: body.a.b, body.items.0.id, header.Location"
        })
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(de::Error::custom)
    }
}
