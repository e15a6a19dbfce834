//! `idempotent.toml`: defaults for the flags of `run`, by their own names.
//!
//! What the command line says wins. A name that no flag has is an error with its line,
//! as a misspelt one would be a promise not kept.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use clap::{ArgAction, CommandFactory as _, error::ErrorKind, parser::ValueSource};
use toml::de::{DeTable, DeValue};

use super::args::Args;
use crate::Problem;

const NAME: &str = "idempotent.toml";

/// Flags that have no default in a file: they are said anew each time, in words.
const NEVER: [&str; 3] = ["dry-run", "help", "i-may-change-data-on"];

/// The command line, and behind it what the file has that it does not say.
pub(super) fn complete(words: Vec<OsString>, from: &Path) -> Result<Vec<OsString>, Problem> {
    // What is wrong with the words is said when all of them are there.
    let tried = Args::command()
        .ignore_errors(true)
        .try_get_matches_from(&words);
    let Ok(matches) = tried else {
        return Ok(words);
    };
    let Some(("run", said)) = matches.subcommand() else {
        return Ok(words);
    };
    let Some(path) = find(from) else {
        return Ok(words);
    };
    let text = std::fs::read_to_string(&path).map_err(|e| Problem::file(&path, e.to_string()))?;
    let settings = read(&text, path.parent().unwrap_or(Path::new("")));
    let settings = settings.map_err(|p| p.in_file(&path.display().to_string()))?;
    let given = |name: &str| {
        let id = name.replace('-', "_");
        said.value_source(&id) == Some(ValueSource::CommandLine)
    };
    let names: Vec<_> = settings.iter().map(|s| s.name.clone()).collect();
    let stands = |name: &str| match name {
        // Each budget of the command line stands for itself.
        "time" | "bursts" => !given("thorough"),
        "thorough" => !given("time") && !given("bursts"),
        // Whom one trusts stands in the place of whom the other does.
        "cacert" => !given("insecure"),
        "insecure" => !given("cacert"),
        "ready" => given("target-cmd") || names.iter().any(|n| n == "target-cmd"),
        _ => true,
    };
    let mut all = words;
    for setting in settings {
        if !given(&setting.name) && stands(&setting.name) {
            all.extend(setting.words.into_iter().map(OsString::from));
        }
    }
    println!("defaults from {}", path.display());
    Ok(all)
}

/// The nearest one, from a folder upward.
fn find(from: &Path) -> Option<PathBuf> {
    let mut folders = from.ancestors().map(|folder| folder.join(NAME));
    folders.find(|path| path.is_file())
}

struct Setting {
    name: String,
    words: Vec<String>,
}

fn read(text: &str, folder: &Path) -> Result<Vec<Setting>, Problem> {
    let line = |at: usize| text[..at.min(text.len())].matches('\n').count() + 1;
    let table = DeTable::parse(text).map_err(|e| {
        let at = e.span().map_or(0, |span| span.start);
        Problem::at(line(at), "", e.message())
    })?;
    let mut settings = Vec::new();
    for (name, value) in table.get_ref() {
        let at = line(name.span().start);
        let name = name.get_ref().as_ref();
        let words = words(name, value.get_ref(), folder).map_err(|e| Problem::at(at, name, e))?;
        check(&words).map_err(|e| Problem::at(at, name, e))?;
        let name = name.to_owned();
        settings.push(Setting { name, words });
    }
    Ok(settings)
}

/// A setting as the words of a command line.
fn words(name: &str, value: &DeValue<'_>, folder: &Path) -> Result<Vec<String>, String> {
    let command = Args::command();
    let run = command.find_subcommand("run").ok_or("there is no `run`")?;
    let known = run.get_arguments().filter(|a| {
        let long = a.get_long().unwrap_or("plan");
        !NEVER.contains(&long)
    });
    let known: Vec<_> = known.collect();
    let flag = known
        .iter()
        .find(|a| a.get_long().unwrap_or("plan") == name);
    let Some(flag) = flag else {
        if NEVER.contains(&name) {
            return Err("this is said on the command line only".into());
        }
        let names = known.iter().map(|a| a.get_long().unwrap_or("plan"));
        let names: Vec<_> = names.collect();
        return Err(format!(
            "no flag of `run` has this name; there are {}",
            names.join(", ")
        ));
    };
    if matches!(flag.get_action(), ArgAction::SetTrue) {
        let on = value.as_bool().ok_or("write true or false")?;
        return Ok(if on {
            vec![format!("--{name}")]
        } else {
            vec![]
        });
    }
    let text = |value: &DeValue<'_>| match value {
        // Paths count from the file's folder, wherever the command is run.
        DeValue::String(text) if matches!(name, "cacert" | "out" | "plan") => {
            Ok(folder.join(text.as_ref()).display().to_string())
        }
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(number) => Ok(number.as_str().to_owned()),
        other => Err(format!("a {} is no value of this flag", other.type_str())),
    };
    let many = matches!(flag.get_action(), ArgAction::Append);
    let values = match value {
        DeValue::Array(list) if many => {
            let each = list.iter().map(|v| text(v.get_ref()));
            each.collect::<Result<Vec<_>, _>>()?
        }
        value => vec![text(value)?],
    };
    let word = |value: String| match flag.get_long() {
        Some(long) => format!("--{long}={value}"),
        None => value,
    };
    Ok(values.into_iter().map(word).collect())
}

/// Whether the flag takes its value; what other flags it needs is seen later.
fn check(words: &[String]) -> Result<(), String> {
    let front = ["cargo-idempotent", "run"].map(str::to_owned);
    let tried = Args::command().try_get_matches_from(front.iter().chain(words));
    match tried {
        Err(e)
            if matches!(
                e.kind(),
                ErrorKind::ValueValidation | ErrorKind::InvalidValue
            ) =>
        {
            let text = e.to_string();
            let first = text.lines().next().unwrap_or_default();
            Err(first.trim_start_matches("error: ").to_owned())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
