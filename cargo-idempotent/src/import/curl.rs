//! curl commands in shell text, such as browsers copy and documentation prints.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::{CommandFactory as _, FromArgMatches as _};

use super::{Import, ansi, curl_args::Args, curl_data, shell};
use crate::{
    Problem,
    case::{Body, Case, Headers, Request, Source, Url},
};

pub(super) fn read(text: &str, file: &Path) -> Import {
    let mut import = Import::default();
    let beside = file.parent().unwrap_or(Path::new(""));
    // `# name` on the line above a command names it.
    let names: Vec<_> = text
        .lines()
        .zip(1..)
        .filter_map(|(line, number)| Some((number, line.strip_prefix("# ")?.trim().to_owned())))
        .collect();
    let mut variables = shell::Variables::default();
    for command in ansi::commands(text) {
        let words = match shell_words::split(&command.text) {
            Ok(words) => words,
            Err(_) if !command.text.contains("curl") => continue,
            Err(e) => {
                let message = format!("{e}: is a quote left open?");
                import.problems.push(Problem::at(command.line, "", message));
                continue;
            }
        };
        let Some(words) = variables.curl(words) else {
            continue;
        };
        match request(words, beside) {
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

type Wrong = (&'static str, String);

fn request(words: Vec<String>, beside: &Path) -> Result<Request, Wrong> {
    let parsed = Args::command().try_get_matches_from(words);
    let parsed = parsed.and_then(|m| Ok((Args::from_arg_matches(&m)?, m)));
    let (args, matches) = parsed.map_err(|e| {
        let message = e.to_string();
        let first = message.lines().next().unwrap_or_default();
        ("", first.trim_start_matches("error: ").to_owned())
    })?;
    let mut url = url(&args)?;
    let mut data = curl_data::data(&matches, &args, beside)?;
    let form = curl_data::form(&matches, &args, beside)?;
    if data.is_some() && form.is_some() {
        let message = "stands beside data: curl sends one body only";
        return Err(("--form", message.into()));
    }
    data = data.or(form);
    let mut query: Vec<String> = Vec::new();
    if let (true, Some(data)) = (args.get, data.take_if(|_| args.get)) {
        query.push(String::from_utf8_lossy(&data.bytes).into_owned());
    }
    for value in &args.url_query {
        // `+` marks what is encoded already.
        query.push(match value.strip_prefix('+') {
            Some(encoded) => encoded.to_owned(),
            None => curl_data::urlencoded(value, beside)?,
        });
    }
    if !query.is_empty() {
        let mark = if url.contains('?') { '&' } else { '?' };
        url = format!("{url}{mark}{}", query.join("&"));
    }
    let method = if args.head {
        "HEAD"
    } else if args.upload_file.is_some() {
        "PUT"
    } else if data.is_some() {
        "POST"
    } else {
        "GET"
    };
    Url::parse(&url).map_err(|e| ("url", e))?;
    let headers = headers(&args, data.as_ref().map(|d| d.kind.clone()))?;
    let body = match (&args.upload_file, data) {
        (Some(name), _) => curl_data::file("--upload-file", name, beside)?,
        (None, data) => data.map_or_else(Vec::new, |d| d.bytes),
    };
    Ok(Request {
        method: args.request.clone().unwrap_or(method.into()),
        url,
        headers,
        body: Body(body),
    })
}

fn url(args: &Args) -> Result<String, Wrong> {
    let mut urls = args.urls.iter().chain(&args.positional);
    let (url, more) = (urls.next(), urls.next());
    let Some(url) = url else {
        return Err(("url", "the command names no URL".into()));
    };
    if let Some(more) = more {
        let message = format!("a second URL, `{more}`: give each its own command");
        return Err(("url", message));
    }
    if let Some(name) = shell::unset(url) {
        let message = format!("the shell variable `{name}` has no plain value in this file");
        return Err(("url", message));
    }
    Ok(if url.contains("://") {
        url.clone()
    } else {
        format!("http://{url}")
    })
}

fn headers(args: &Args, kind: Option<String>) -> Result<Headers, Wrong> {
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
    add("Content-Type", kind);
    add("Accept", json.then(|| "application/json".to_owned()));
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
