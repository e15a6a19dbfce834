//! A case as a Keploy test case, with the fields that its import kept.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{
    case::{Body, Case, Headers},
    import::{KeployShape, Raw, Req, Resp, Spec},
};

/// Writes one case as a Keploy document.
pub fn keploy(case: &Case) -> Result<String, String> {
    let Some(answer) = &case.response else {
        return Err("it has no answer, and Keploy needs one".to_owned());
    };
    let empty = Value::Null;
    let kept = case.kept.get("keploy").unwrap_or(&empty);
    let part = |name: &str| kept[name].as_object().cloned().unwrap_or_default();
    let assertions = match &kept["assertions"] {
        Value::Null if kept.is_null() => {
            let noise = case.noise.iter().map(|n| (n.clone(), json!([])));
            Some(json!({ "noise": noise.collect::<Map<_, _>>() }))
        }
        Value::Null => None,
        kept => Some(kept.clone()),
    };
    let version = kept["version"].as_str().unwrap_or("api.keploy.io/v1beta1");
    let shape = KeployShape {
        version: version.to_owned(),
        kind: "Http".to_owned(),
        name: case.name.clone(),
        spec: Spec {
            req: Req {
                method: case.request.method.clone(),
                url: case.request.url.clone(),
                header: joined(&case.request.headers),
                body: raw(&case.request.body, &kept["req_body"]),
                timestamp: case.times.sent.clone(),
                rest: part("req"),
            },
            resp: Resp {
                status_code: answer.status,
                header: joined(&answer.headers),
                body: raw(&answer.body, &kept["resp_body"]),
                timestamp: case.times.answered.clone(),
                rest: part("resp"),
            },
            assertions,
            rest: part("spec"),
        },
        rest: part("top"),
    };
    serde_saphyr::to_string(&shape).map_err(|e| e.to_string())
}

/// Keploy's headers are a map: repeated ones are joined by a comma.
fn joined(headers: &Headers) -> BTreeMap<String, String> {
    let mut map = BTreeMap::<String, String>::new();
    for (name, value) in &headers.0 {
        map.entry(name.clone())
            .and_modify(|v| *v = format!("{v}, {value}"))
            .or_insert_with(|| value.clone());
    }
    map
}

fn raw(body: &Body, shape: &Value) -> Raw {
    match shape {
        Value::Null => Raw::Bytes(body.0.clone()),
        shape => Raw::Shaped(shape.clone()),
    }
}
