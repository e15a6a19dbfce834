//! The bodies of curl commands: data options in their order, files, and forms.

use std::path::Path;

use clap::ArgMatches;

use super::{
    curl_args::Args,
    form::encode,
    multipart::{Part, body as multipart, kind_of},
};

type Wrong = (&'static str, String);

/// A body's bytes and the content type that curl would give it.
pub(super) struct Data {
    pub bytes: Vec<u8>,
    pub kind: String,
}

/// The data options' values in the order of the command line, as curl joins them.
pub(super) fn data(
    matches: &ArgMatches,
    args: &Args,
    beside: &Path,
) -> Result<Option<Data>, Wrong> {
    let mut parts: Vec<(usize, Vec<u8>)> = Vec::new();
    for (option, values) in [
        ("data", &args.data),
        ("data_raw", &args.data_raw),
        ("data_binary", &args.data_binary),
        ("data_urlencode", &args.data_urlencode),
        ("json", &args.json),
    ] {
        let places = matches.indices_of(option).into_iter().flatten();
        for (place, value) in places.zip(values) {
            parts.push((place, one(option, value, beside)?));
        }
    }
    if parts.is_empty() {
        return Ok(None);
    }
    parts.sort_by_key(|(place, _)| *place);
    let json = !args.json.is_empty();
    let join: &[u8] = if json { b"" } else { b"&" };
    let parts: Vec<_> = parts.into_iter().map(|(_, bytes)| bytes).collect();
    let kind = if json {
        "application/json"
    } else {
        "application/x-www-form-urlencoded"
    };
    Ok(Some(Data {
        bytes: parts.join(join),
        kind: kind.to_owned(),
    }))
}

fn one(option: &'static str, value: &str, beside: &Path) -> Result<Vec<u8>, Wrong> {
    let from_file = |name: &str| file(option, name, beside);
    match (option, value.strip_prefix('@')) {
        ("data", Some(name)) => {
            let mut bytes = from_file(name)?;
            // As curl does: only --data-binary keeps them.
            bytes.retain(|b| !matches!(b, b'\r' | b'\n' | 0));
            Ok(bytes)
        }
        ("data_binary" | "json", Some(name)) => from_file(name),
        ("data_urlencode", _) => Ok(urlencoded(value, beside)?.into_bytes()),
        _ => Ok(value.as_bytes().to_vec()),
    }
}

/// `content`, `=content`, `name=content`, `@file`, `name@file`.
pub(super) fn urlencoded(value: &str, beside: &Path) -> Result<String, Wrong> {
    let named = |name: &str, encoded: String| match name {
        "" => encoded,
        name => format!("{name}={encoded}"),
    };
    match value.find(['=', '@']) {
        None => Ok(encode(value.as_bytes())),
        Some(at) if value.as_bytes()[at] == b'=' => {
            Ok(named(&value[..at], encode(&value.as_bytes()[at + 1..])))
        }
        Some(at) => {
            let bytes = file("data_urlencode", &value[at + 1..], beside)?;
            Ok(named(&value[..at], encode(&bytes)))
        }
    }
}

/// `-F name=value`, `name=@file;type=…;filename=…`, `name=<file`; `--form-string` as it is.
pub(super) fn form(
    matches: &ArgMatches,
    args: &Args,
    beside: &Path,
) -> Result<Option<Data>, Wrong> {
    let mut parts: Vec<(usize, Part)> = Vec::new();
    let places = matches.indices_of("form").into_iter().flatten();
    for (place, value) in places.zip(&args.form) {
        parts.push((place, part(value, beside)?));
    }
    let places = matches.indices_of("form_string").into_iter().flatten();
    for (place, value) in places.zip(&args.form_string) {
        let (name, value) = pair(value)?;
        parts.push((place, text(name, value.as_bytes().to_vec())));
    }
    if parts.is_empty() {
        return Ok(None);
    }
    parts.sort_by_key(|(place, _)| *place);
    let parts: Vec<_> = parts.into_iter().map(|(_, part)| part).collect();
    let (kind, bytes) = multipart(&parts);
    Ok(Some(Data { bytes, kind }))
}

fn pair(value: &str) -> Result<(&str, &str), Wrong> {
    let wrong = || ("--form", format!("`{value}` is not written name=value"));
    value.split_once('=').ok_or_else(wrong)
}

fn text(name: &str, bytes: Vec<u8>) -> Part {
    Part {
        name: name.to_owned(),
        file: None,
        kind: None,
        bytes,
    }
}

fn part(value: &str, beside: &Path) -> Result<Part, Wrong> {
    let (name, value) = pair(value)?;
    let mut settings = value.split(';');
    let value = settings.next().unwrap_or_default().trim_matches('"');
    let mut part = if let Some(path) = value.strip_prefix('@') {
        let base = Path::new(path).file_name().unwrap_or_default();
        Part {
            file: Some(base.to_string_lossy().into_owned()),
            kind: Some(kind_of(path).to_owned()),
            ..text(name, file("--form", path, beside)?)
        }
    } else if let Some(path) = value.strip_prefix('<') {
        text(name, file("--form", path, beside)?)
    } else {
        text(name, value.as_bytes().to_vec())
    };
    for setting in settings {
        match setting.trim().split_once('=') {
            Some(("type", kind)) => part.kind = Some(kind.to_owned()),
            Some(("filename", name)) => part.file = Some(name.trim_matches('"').to_owned()),
            _ => {
                let message = format!("`;{setting}` of the part `{name}` is not known");
                return Err(("--form", message));
            }
        }
    }
    Ok(part)
}

/// A file that a command names, from the folder of the script.
pub(super) fn file(option: &'static str, name: &str, beside: &Path) -> Result<Vec<u8>, Wrong> {
    if name == "-" {
        let message = "the body came from the standard input, which is gone: name a file";
        return Err((option, message.to_owned()));
    }
    let path = beside.join(name);
    std::fs::read(&path).map_err(|e| (option, format!("{}: {e}", path.display())))
}
