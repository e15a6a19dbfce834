//! Replay fidelity: status, headers and body of the replay are the first answer's.

use super::{
    duplicate::{ROUNDS, pair, shown},
    judged::Judged,
    tally::good,
};
use crate::{
    case::Response,
    plan::Field,
    run::{Bench, Proved},
    verdict::Level,
};

/// Headers that may differ between an answer and its replay.
const FREE: &[&str] = &[
    "date",
    "age",
    "set-cookie",
    "content-length",
    "connection",
    "keep-alive",
    "transfer-encoding",
    "server",
    "cache-control",
    "x-request-id",
    "traceparent",
    "idempotent-replayed",
];

pub(super) fn run(bench: &mut Bench<'_>, proved: &Proved) -> Result<Judged, String> {
    let mut differences = Vec::new();
    let mut pairs = Vec::new();
    for _ in 0..ROUNDS {
        pairs.push(pair(bench, proved)?);
    }
    // A cookie that several answers set, such as a balancer's, is no session.
    let cookies = pairs.iter().map(|p| p.first.headers.get("set-cookie"));
    let own = cookies.collect::<std::collections::BTreeSet<_>>().len() == ROUNDS;
    for pair in pairs {
        if pair.rose.is_some_and(|r| r != 1) || !good(&pair.second) {
            let text = "the first answer was never replayed: see the sequential duplicate";
            return Ok(Judged::not_proven(text));
        }
        if let Some(what) = difference(bench, own, &pair.first, &pair.second) {
            differences.push((what, pair));
        }
    }
    match (differences.pop(), differences.len() + 1) {
        (Some((what, pair)), ROUNDS) => {
            let text = format!("The replay differs from the first answer: {what}.");
            let judged = Judged::breach(text).because(
                "the answer is made anew for a retry, or only a part of it is stored",
                "store status, headers and body as they were sent",
            );
            Ok(shown(bench, judged, &pair))
        }
        (Some((what, pair)), times) => {
            let text = format!("Unstable: in {times} of {ROUNDS} rounds {what}.");
            Ok(shown(bench, Judged::not_proven(text), &pair))
        }
        (None, _) => {
            let text = "Status, headers and body of the replay are those of the first answer.";
            Ok(Judged::proven(Some(Level::Answer), text))
        }
    }
}

fn difference(bench: &Bench<'_>, own: bool, a: &Response, b: &Response) -> Option<String> {
    if a.status != b.status {
        return Some(format!("status {} became {}", a.status, b.status));
    }
    let cookie = a.headers.get("set-cookie");
    if own && cookie.is_some() && cookie == b.headers.get("set-cookie") {
        // Whoever retries may be another session of the same caller.
        return Some("the first client's Set-Cookie is replayed".into());
    }
    if let Some(name) = lost(a, b, &bench.endpoint.volatile) {
        return Some(format!("header {name} is lost or changed"));
    }
    let plain = |r: &Response| {
        let mut json = r.body.as_json()?;
        for field in &bench.endpoint.volatile {
            if let Field::Body(path) = field {
                let pointer = format!("/{}", path.join("/"));
                *json.pointer_mut(&pointer)? = serde_json::Value::Null;
            }
        }
        Some(json)
    };
    let equal = a.body == b.body || plain(a).is_some_and(|p| plain(b) == Some(p));
    // Equal values in other bytes are a difference, unless a volatile field excuses it.
    let excused = !bench.endpoint.volatile.is_empty();
    (!(equal && (excused || a.body == b.body))).then(|| "the body changed".into())
}

/// The first header of an answer that its replay has lost or changed.
fn lost(a: &Response, b: &Response, volatile: &[Field]) -> Option<String> {
    let listed = |name: &str| {
        let header = |f: &Field| matches!(f, Field::Header(n) if n.eq_ignore_ascii_case(name));
        FREE.contains(&name.to_ascii_lowercase().as_str()) || volatile.iter().any(header)
    };
    // A header may come several times: all of its values have to be there.
    let all = |r: &Response, name: &str| -> Vec<String> {
        let own = r
            .headers
            .0
            .iter()
            .filter(|(n, _)| n.eq_ignore_ascii_case(name));
        own.map(|(_, v)| v.clone()).collect()
    };
    let mut names = a.headers.0.iter().map(|(n, _)| n);
    let name = names.find(|n| !listed(n) && all(a, n) != all(b, n));
    name.cloned()
}

#[cfg(test)]
mod tests {
    use super::lost;
    use crate::case::{Headers, Response};

    fn answer(headers: &[(&str, &str)]) -> Response {
        let pairs = headers.iter();
        let pairs = pairs.map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        Response {
            status: 201,
            headers: Headers(pairs.collect()),
            ..Response::default()
        }
    }

    #[test]
    fn a_header_that_comes_twice_has_to_come_twice_again() {
        let first = answer(&[("Link", "<a>"), ("link", "<b>"), ("Date", "1")]);
        let same = answer(&[("link", "<a>"), ("link", "<b>"), ("date", "2")]);
        let short = answer(&[("link", "<a>")]);
        assert_eq!(lost(&first, &same, &[]), None);
        assert_eq!(lost(&first, &short, &[]), Some("Link".into()));
    }
}
