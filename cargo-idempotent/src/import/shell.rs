//! As much of a shell as scripts of curl commands need: assignments, and the words
//! that stand before a command.

use std::collections::BTreeMap;

/// Words after which a command begins.
const BEFORE: &[&str] = &[
    "if", "then", "else", "elif", "while", "until", "do", "!", "{", "(", "time", "exec", "sudo",
    "command",
];

/// The variables that were assigned so far.
#[derive(Default)]
pub(super) struct Variables(BTreeMap<String, String>);

impl Variables {
    /// The words of a curl command, variables filled in; other commands only assign.
    pub(super) fn curl(&mut self, words: Vec<String>) -> Option<Vec<String>> {
        let mut words = words;
        loop {
            let first = words.first()?.clone();
            if first == "curl" {
                break;
            }
            // `code=$(curl …)`, `"$(curl …)"`.
            if first.ends_with("$(curl") {
                "curl".clone_into(&mut words[0]);
                if let Some(last) = words.last_mut() {
                    last.truncate(last.trim_end_matches(')').len());
                }
                break;
            }
            let assignment = first.split_once('=').filter(|(name, _)| is_name(name));
            if let Some((name, value)) = assignment {
                let value = self.fill(value);
                self.0.insert(name.to_owned(), value);
            } else if !BEFORE.contains(&first.as_str()) && first != "export" {
                return None;
            }
            words.remove(0);
        }
        Some(words.iter().map(|w| self.fill(w)).collect())
    }

    /// Puts known variables in; unknown ones stay, but for `${NAME:-default}`.
    fn fill(&self, text: &str) -> String {
        let (mut out, mut rest) = (String::new(), text);
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let Some((whole, name, default)) = variable(&rest[at..]) else {
                out.push('$');
                rest = &rest[at + 1..];
                continue;
            };
            match self.0.get(name).map(String::as_str).or(default) {
                Some(value) => out.push_str(value),
                None => out.push_str(whole),
            }
            rest = &rest[at + whole.len()..];
        }
        out + rest
    }
}

/// The first variable that is left in a text.
pub(super) fn unset(text: &str) -> Option<&str> {
    let found = text.match_indices('$');
    found
        .filter_map(|(at, _)| variable(&text[at..]))
        .map(|(whole, ..)| whole)
        .next()
}

/// `$NAME`, `${NAME}` or `${NAME:-default}` at a text's beginning.
fn variable(text: &str) -> Option<(&str, &str, Option<&str>)> {
    if let Some(inner) = text.strip_prefix("${") {
        let end = inner.find('}')?;
        let inner = &inner[..end];
        let (name, default) = match inner.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inner, None),
        };
        return is_name(name).then_some((&text[..end + 3], name, default));
    }
    let inner = text.strip_prefix('$')?;
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let name = &inner[..end.unwrap_or(inner.len())];
    let parameter = !name.is_empty() && name.chars().all(|c| c.is_ascii_digit());
    (is_name(name) || parameter).then_some((&text[..=name.len()], name, None))
}

fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
