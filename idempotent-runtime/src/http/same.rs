//! What telemetry asks of stored responses: their status, and whether two are
//! the same to a caller.

use http::header::{HeaderMap, HeaderName, HeaderValue};

use super::codec;
use crate::answer::Answer;
use crate::telemetry::same_json;

/// Status, headers in any order, and body; JSON by its value.
pub(crate) fn responses(one: &Answer, other: &Answer) -> bool {
    match (codec::decode(one), codec::decode(other)) {
        (Some(one), Some(other)) => {
            one.status == other.status
                && sorted(&one.headers) == sorted(&other.headers)
                && same_json(&one.body, &other.body)
        }
        // What cannot be read cannot be compared.
        _ => true,
    }
}

/// The status of a stored response.
pub(crate) fn status(answer: &Answer) -> Option<u16> {
    codec::status(answer)
}

fn sorted(headers: &HeaderMap) -> Vec<(&HeaderName, &HeaderValue)> {
    let mut sorted: Vec<_> = headers.iter().collect();
    sorted.sort_by(|(a, x), (b, y)| (a.as_str(), x.as_bytes()).cmp(&(b.as_str(), y.as_bytes())));
    sorted
}
