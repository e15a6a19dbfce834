//! curl commands in shell text, such as browsers copy and documentation prints.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Parser as _;

use super::{Import, ansi, curl_args::Args};
use crate::{
    Problem,
    case::{Body, Case, Headers, Request, Source, Url},
};

pub(super) fn read(text: &str) -> Import {
    let mut import = Import::default();
    // `# name` on the line above a command names it.
    let names: Vec<_> = text
        .lines()
        .zip(1..)
        .filter_map(|(line, number)| Some((number, line.strip_prefix("# ")?.trim().to_owned())))
        .collect();
    for command in ansi::commands(text) {
        let words = match shell_words::split(&command.text) {
            Ok(words) => words,
            Err(e) => {
                let message = format!("{e}: is a quote left open?");
                import.problems.push(Problem::at(command.line, "", message));
                continue;
            }
        };
        if words.first().map(String::as_str) != Some("curl") {
            continue;
        }
        match request(words) {
            Ok(request) => {
                let above = names
                    .iter()
                    .find(|(l, _): &&(usize, String)| l + 1 == command.line);
                let name = above.map_or_else(
                    || format!("curl-{}", import.cases.len() + 1),
                    |(_, title)| title.clone(),
                );
                import.cases.push(Case {
                    source: Source {
                        line: command.line,
                        ..Source::default()
                    },
                    ..Case::new(name, request)
                });
            }
            Err((field, message)) => {
                let problem = Problem::at(command.line, field, message);
                import.problems.push(problem);
            }
        }
    }
    import
}

fn request(words: Vec<String>) -> Result<Request, (&'static str, String)> {
    let args = Args::try_parse_from(words).map_err(|e| {
        let message = e.to_string();
        let first = message.lines().next().unwrap_or_default();
        ("", first.trim_start_matches("error: ").to_owned())
    })?;
    if !args.form.is_empty() {
        return Err((
            "--form",
            "multipart bodies are not read: record one instead".into(),
        ));
    }
    if args.upload_file.is_some() {
        return Err((
            "--upload-file",
            "files are not read: use --data-binary".into(),
        ));
    }
    let mut urls = args.urls.iter().chain(&args.positional);
    let (url, more) = (urls.next(), urls.next());
    let Some(url) = url else {
        return Err(("url", "the command names no URL".into()));
    };
    if let Some(more) = more {
        let message = format!("a second URL, `{more}`: give each its own command");
        return Err(("url", message));
    }
    let mut url = if url.contains("://") {
        url.clone()
    } else {
        format!("http://{url}")
    };
    let data = data(&args)?;
    let mut method = "GET";
    if args.head {
        method = "HEAD";
    } else if data.is_some() && !args.get {
        method = "POST";
    }
    if let (true, Some(data)) = (args.get, &data) {
        let mark = if url.contains('?') { '&' } else { '?' };
        url = format!("{url}{mark}{data}");
    }
    Url::parse(&url).map_err(|e| ("url", e))?;
    let headers = headers(&args, data.is_some() && !args.get)?;
    Ok(Request {
        method: args.request.clone().unwrap_or(method.into()),
        url,
        headers,
        body: Body::text(data.filter(|_| !args.get).unwrap_or_default()),
    })
}

/// The body: the parts of all data options, joined as curl joins them.
fn data(args: &Args) -> Result<Option<String>, (&'static str, String)> {
    let mut parts = Vec::new();
    for (option, values) in [
        ("--data", &args.data),
        ("--data-binary", &args.data_binary),
        ("--json", &args.json),
    ] {
        for value in values {
            if let Some(file) = value.strip_prefix('@') {
                let message = format!("`@{file}` is not read: put the body in the command");
                return Err((option, message));
            }
            parts.push(value.clone());
        }
    }
    parts.extend(args.data_raw.iter().cloned());
    for value in &args.data_urlencode {
        let (name, plain) = value.split_once('=').unwrap_or(("", value));
        let mark = if name.is_empty() { "" } else { "=" };
        parts.push(format!("{name}{mark}{}", encode(plain)));
    }
    let join = if args.json.is_empty() { "&" } else { "" };
    Ok((!parts.is_empty()).then(|| parts.join(join)))
}

fn headers(args: &Args, body: bool) -> Result<Headers, (&'static str, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    // `Name:` alone takes a header out that curl would add.
    let mut suppressed = Vec::new();
    for header in &args.header {
        match header.split_once(':') {
            Some((name, value)) if value.trim().is_empty() => suppressed.push(name.trim()),
            Some((name, value)) => pairs.push((name.trim().to_owned(), value.trim().to_owned())),
            None if header.ends_with(';') => {
                pairs.push((header.trim_end_matches(';').to_owned(), String::new()));
            }
            None => return Err(("--header", format!("`{header}` has no colon"))),
        }
    }
    let mut add = |name: &str, value: Option<String>| {
        let mut names = pairs
            .iter()
            .map(|(n, _)| n.as_str())
            .chain(suppressed.iter().copied());
        let given = names.any(|n| n.eq_ignore_ascii_case(name));
        if let (Some(value), false) = (value, given) {
            pairs.push((name.to_owned(), value));
        }
    };
    let json = !args.json.is_empty();
    let kind = if json {
        "application/json"
    } else {
        "application/x-www-form-urlencoded"
    };
    add("Content-Type", body.then(|| kind.to_owned()));
    add("Accept", json.then(|| kind.to_owned()));
    add("User-Agent", args.user_agent.clone());
    add("Referer", args.referer.clone());
    add("Cookie", args.cookie.clone());
    let bearer = args.oauth2_bearer.as_ref();
    add("Authorization", bearer.map(|t| format!("Bearer {t}")));
    let user = args.user.as_ref();
    add(
        "Authorization",
        user.map(|u| format!("Basic {}", STANDARD.encode(u))),
    );
    Ok(Headers::of_request(pairs))
}

fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
