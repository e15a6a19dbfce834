//! The shape of a Keploy test case, for reading and for writing.
//!
//! Header values are decoded straight into strings: through an untyped value
//! `0x1F` becomes 31 and `1.10` becomes 1.1. Unknown fields lie in `rest`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::keploy_body::Raw;

#[derive(Serialize, Deserialize)]
#[serde(bound(deserialize = "Q: Deserialize<'de> + Default, P: Deserialize<'de> + Default"))]
pub(crate) struct Shape<Q = Raw, P = Raw> {
    pub version: String,
    pub kind: String,
    pub name: String,
    pub spec: Spec<Q, P>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Serialize, Deserialize)]
#[serde(bound(deserialize = "Q: Deserialize<'de> + Default, P: Deserialize<'de> + Default"))]
pub(crate) struct Spec<Q = Raw, P = Raw> {
    pub req: Req<Q>,
    pub resp: Resp<P>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assertions: Option<Value>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Serialize, Deserialize)]
#[serde(bound(deserialize = "B: Deserialize<'de> + Default"))]
pub(crate) struct Req<B = Raw> {
    pub method: String,
    pub url: String,
    #[serde(default)]
    pub header: BTreeMap<String, String>,
    #[serde(default)]
    pub body: B,
    #[serde(default)]
    pub timestamp: String,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Serialize, Deserialize)]
#[serde(bound(deserialize = "B: Deserialize<'de> + Default"))]
pub(crate) struct Resp<B = Raw> {
    pub status_code: u16,
    #[serde(default)]
    pub header: BTreeMap<String, String>,
    #[serde(default)]
    pub body: B,
    #[serde(default)]
    pub timestamp: String,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl<Q: Into<Raw>, P: Into<Raw>> Shape<Q, P> {
    /// The same with bodies of the one type.
    pub(crate) fn plain(self) -> Shape {
        let Spec {
            req,
            resp,
            assertions,
            rest,
        } = self.spec;
        Shape {
            version: self.version,
            kind: self.kind,
            name: self.name,
            rest: self.rest,
            spec: Spec {
                req: Req {
                    method: req.method,
                    url: req.url,
                    header: req.header,
                    body: req.body.into(),
                    timestamp: req.timestamp,
                    rest: req.rest,
                },
                resp: Resp {
                    status_code: resp.status_code,
                    header: resp.header,
                    body: resp.body.into(),
                    timestamp: resp.timestamp,
                    rest: resp.rest,
                },
                assertions,
                rest,
            },
        }
    }
}
