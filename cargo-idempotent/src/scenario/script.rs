//! Shell text that sends the same again: with fresh keys, as a used one would only be
//! replayed, and with secrets from their variables.

use std::fmt::Write as _;

use crate::{
    case::{Request, Url, is_secret, mask, secret_env, secret_names},
    export,
    oracle::Meter,
    run::Bench,
};

/// Sends requests in their order, and reads the effects after them.
pub(super) fn script(bench: &Bench<'_>, requests: &[(&str, &Request)]) -> String {
    let mut keys = Vec::new();
    let mut body = String::new();
    for (label, request) in requests {
        let _ = write!(body, "\n# {label}\n{}", command(bench, request, &mut keys));
    }
    whole(bench, &body, &keys)
}

/// Sends copies of one request at once.
pub(super) fn burst(bench: &Bench<'_>, request: &Request, copies: usize) -> String {
    let mut keys = Vec::new();
    let one = command(bench, request, &mut keys);
    let body = format!(
        "\n# {copies} copies at once: curl can hold no byte back, so repeat this, or use\n\
         # cargo idempotent run --only {}/concurrent --seed {}\n\
         for i in $(seq {copies}); do\n{} &\ndone\nwait\n",
        bench.endpoint.id,
        bench.seed,
        one.trim_end()
    );
    whole(bench, &body, &keys)
}

fn whole(bench: &Bench<'_>, body: &str, keys: &[String]) -> String {
    let mut out = format!(
        "#!/bin/sh\n# {}; secrets come from IDEMPOTENT_… variables.\nTARGET=${{TARGET:-{}}}\n",
        bench.endpoint.id, bench.target.url
    );
    if let Some(tls) = &bench.target.tls {
        out.push_str(&tls.trust().shell());
    }
    out.push_str("fresh() { cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen; }\n");
    for number in 1..=keys.len() {
        let _ = writeln!(out, "KEY{number}=$(fresh)");
    }
    out.push_str(body);
    match bench.meter.as_ref().map(Meter::by_hand) {
        Some(Ok(request)) => {
            let read = command(bench, request, &mut Vec::new());
            let _ = write!(out, "\n# effects\n{read}");
        }
        Some(Err(text)) => {
            let _ = write!(out, "\n# effects: {}\n", text.replace('\n', " "));
        }
        None => {}
    }
    out
}

/// One command, with variables in the places of target, keys and secrets.
fn command(bench: &Bench<'_>, request: &Request, keys: &mut Vec<String>) -> String {
    let mut request = request.clone();
    let headers = std::mem::take(&mut request.headers.0);
    let named = headers.into_iter().map(|(n, v)| (n, bench.named(v)));
    request.headers.0 = named.map(|(n, v)| shown(n, v)).collect();
    let secrets: Vec<_> = request
        .headers
        .0
        .iter()
        .flat_map(|(_, v)| secret_names(v))
        .collect();
    let target = &bench.target.url;
    let own = Url::parse(&request.url).is_ok_and(|u| u.authority == bench.target.authority);
    if let (false, Ok(url)) = (own, Url::parse(&request.url)) {
        request.url = format!("{target}{}", url.target());
    }
    if let Some(key) = key(bench, &request)
        && !keys.contains(&key)
    {
        keys.push(key);
    }
    let Some(mut text) = export::command(&request) else {
        return "# the body is not text\n".into();
    };
    // Words with blanks or quotes stand in single quotes: they are left for a variable.
    text = text.replace(&format!("'{target}"), "\"$TARGET\"'");
    text = text.replace(&format!(" {target}"), " \"$TARGET\"");
    for (key, number) in keys.iter().zip(1..) {
        text = text.replace(key.as_str(), &format!("'\"$KEY{number}\"'"));
    }
    let env = |name: &str| {
        let known = bench.plan.secrets.get(name).map(|s| s.env.clone());
        known.unwrap_or_else(|| secret_env(name))
    };
    for name in secrets {
        let place = format!("${{secret:{name}}}");
        text = text.replace(&place, &format!("'\"${}\"'", env(&name)));
    }
    // In bodies and queries they stand by their values.
    for (name, value) in bench.secrets().iter().filter(|(_, v)| v.len() > 2) {
        text = text.replace(value.as_str(), &format!("'\"${}\"'", env(name)));
    }
    text
}

/// A header as a script has it: credentials that are named already keep their names.
fn shown(name: String, value: String) -> (String, String) {
    if is_secret(&name) && !secret_names(&value).is_empty() {
        return (name, value);
    }
    mask(name, value)
}

/// The key of a request, if it is one of ours: a UUID, or begins with one.
fn key(bench: &Bench<'_>, request: &Request) -> Option<String> {
    let place = bench.endpoint.key.as_ref()?;
    let value = match (&place.header, &place.body) {
        (Some(header), _) => request.headers.get(header)?.to_owned(),
        (None, Some(field)) => request.body.as_json()?[field.as_str()].as_str()?.to_owned(),
        (None, None) => return None,
    };
    let value = value.trim_matches('"');
    let dashes = |t: &str| t.bytes().filter(|b| *b == b'-').count() == 4;
    value.get(..36).filter(|t| dashes(t)).map(str::to_owned)
}
