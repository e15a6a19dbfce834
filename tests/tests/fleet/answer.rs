//! Final answers, and what of them a replay must repeat byte for byte.

use std::collections::BTreeMap;

use examples::client::Reply;

/// Headers of one transmission, or of one browser, or that mark a replay.
const NOT_KEPT: [&str; 6] = [
    "date",
    "set-cookie",
    "connection",
    "transfer-encoding",
    "idempotent-replayed",
    "cache-control",
];

/// What every final answer of a key has in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    status: u16,
    /// The values of each header, in their order within its name.
    headers: BTreeMap<String, Vec<Vec<u8>>>,
    body: Vec<u8>,
}

impl Answer {
    /// The body, as JSON.
    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub(crate) fn of(reply: &Reply) -> Self {
        let mut headers: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
        for (name, value) in reply.headers() {
            if !NOT_KEPT.contains(&name) {
                headers
                    .entry(name.to_owned())
                    .or_default()
                    .push(value.to_vec());
            }
        }
        Self {
            status: reply.status,
            headers,
            body: reply.body.clone(),
        }
    }
}
