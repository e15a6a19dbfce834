//! Answers counted and compared, and the shell text that sends them again.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::{
    case::{Request, Response, mask},
    export,
    plan::Field,
    run::Bench,
};

/// `201 ×2, 409 ×6`.
pub(super) fn statuses<'a>(answers: impl IntoIterator<Item = &'a Response>) -> String {
    let mut counts = BTreeMap::new();
    for answer in answers {
        *counts.entry(answer.status).or_insert(0) += 1;
    }
    let each: Vec<_> = counts.iter().map(|(s, n)| format!("{s} ×{n}")).collect();
    each.join(", ")
}

pub(super) fn good(answer: &Response) -> bool {
    (200..300).contains(&answer.status)
}

/// The first witness field in which two answers differ.
pub(super) fn differ<'a>(witness: &'a [Field], a: &Response, b: &Response) -> Option<&'a Field> {
    witness.iter().find(|f| match (f.of(a), f.of(b)) {
        (Some(x), Some(y)) => x != y,
        _ => false,
    })
}

/// A script that sends requests in their order, and the ledger after them.
pub(super) fn script(bench: &Bench<'_>, requests: &[(&str, &Request)]) -> String {
    let mut out = format!(
        "#!/bin/sh\n# {} against {}\n",
        bench.endpoint.id, bench.target.url
    );
    for (label, request) in requests {
        let _ = write!(out, "\n# {label}\n{}", command(bench, request));
    }
    if let Some(meter) = &bench.meter {
        let _ = write!(out, "\n# effects\n{}", command(bench, &meter.request));
    }
    out
}

/// A script that sends copies of one request at once.
pub(super) fn burst_script(bench: &Bench<'_>, request: &Request, copies: usize) -> String {
    let one = command(bench, request);
    let mut out = format!(
        "#!/bin/sh\n# {copies} copies at once: curl can hold no byte back, so repeat it, or use\n\
         # cargo idempotent run --only {}/concurrent --seed {}\n",
        bench.endpoint.id, bench.seed
    );
    let _ = write!(
        out,
        "for i in $(seq {copies}); do\n{} &\ndone\nwait\n",
        one.trim_end()
    );
    if let Some(meter) = &bench.meter {
        let _ = write!(out, "\n# effects\n{}", command(bench, &meter.request));
    }
    out
}

fn command(bench: &Bench<'_>, request: &Request) -> String {
    let mut request = request.clone();
    let headers = std::mem::take(&mut request.headers.0);
    request.headers.0 = headers.into_iter().map(|(n, v)| mask(n, v)).collect();
    if let Ok(url) = crate::case::Url::parse(&request.url) {
        request.url = format!("{}{}", bench.target.url, url.target());
    }
    export::command(&request).unwrap_or_else(|| "# the body is not text\n".into())
}
