//! Shell text split into commands, with `$'…'` turned into plain quotes.
//!
//! Browsers copy bodies as `$'…'`, which shell-words does not know.

use std::{iter::Peekable, str::Chars};

/// One command and the line at which it begins.
pub(super) struct Command {
    pub(super) line: usize,
    pub(super) text: String,
}

/// Splits at newlines outside quotes that no `\` continues; drops comments.
pub(super) fn commands(text: &str) -> Vec<Command> {
    let (mut found, mut current, mut line, mut start) = (Vec::new(), String::new(), 1, 1);
    let mut chars = text.chars().peekable();
    let mut quote = None;
    while let Some(c) = chars.next() {
        if c == '\n' {
            line += 1;
        }
        if current.trim().is_empty() && quote.is_none() {
            start = line;
        }
        match (quote, c) {
            (None, '#') if current.is_empty() || current.ends_with([' ', '\t']) => {
                while chars.next_if(|c| *c != '\n').is_some() {}
            }
            (None | Some('"'), '\\') => {
                // Windows line ends and a last `\` continue as well.
                let _ = chars.next_if(|c| *c == '\r' && quote.is_none());
                match chars.next() {
                    Some('\n') => {
                        line += 1;
                        current.push(' ');
                    }
                    Some(next) => current.extend(['\\', next]),
                    None => {}
                }
            }
            (None, '$') if chars.peek() == Some(&'\'') => {
                chars.next();
                line += ansi(&mut chars, &mut current);
            }
            (None, '\'' | '"') => {
                quote = Some(c);
                current.push(c);
            }
            (Some(open), c) if c == open => {
                quote = None;
                current.push(c);
            }
            // A redirection goes with its target: `2>&1`, `>/dev/null`, `< file`.
            (None, '>' | '<') => redirection(&mut chars, &mut current),
            (None, '\n' | ';' | '|' | '&') => take(&mut found, &mut current, start),
            (_, c) => current.push(c),
        }
    }
    take(&mut found, &mut current, start);
    found
}

fn take(found: &mut Vec<Command>, current: &mut String, line: usize) {
    let text = std::mem::take(current);
    if !text.trim().is_empty() {
        found.push(Command { line, text });
    }
}

/// Passes over a redirection's target, and takes its number back.
fn redirection(chars: &mut Peekable<Chars<'_>>, current: &mut String) {
    if current.ends_with(|c: char| c.is_ascii_digit()) {
        let kept = current.trim_end_matches(|c: char| c.is_ascii_digit());
        if kept.ends_with([' ', '\t']) {
            current.truncate(kept.len());
        }
    }
    while chars
        .next_if(|c| matches!(c, '>' | '<' | '&' | ' ' | '\t'))
        .is_some()
    {}
    while chars
        .next_if(|c| !c.is_whitespace() && !";|&)".contains(*c))
        .is_some()
    {}
    current.push(' ');
}

/// Reads up to the closing quote, undoes the escapes, and quotes plainly. Says
/// how many lines it passed.
fn ansi(chars: &mut Peekable<Chars<'_>>, out: &mut String) -> usize {
    let mut value = String::new();
    let mut lines = 0;
    while let Some(c) = chars.next() {
        match c {
            '\'' => break,
            '\\' => match chars.next() {
                Some('n') => value.push('\n'),
                Some('r') => value.push('\r'),
                Some('t') => value.push('\t'),
                Some('x') => value.extend(code(chars, 2)),
                Some('u') => value.extend(code(chars, 4)),
                Some('U') => value.extend(code(chars, 8)),
                Some(other) => value.push(other),
                None => {}
            },
            c => {
                lines += usize::from(c == '\n');
                value.push(c);
            }
        }
    }
    out.push('\'');
    out.push_str(&value.replace('\'', r"'\''"));
    out.push('\'');
    lines
}

fn code(chars: &mut Peekable<Chars<'_>>, digits: usize) -> Option<char> {
    let mut number = 0;
    for _ in 0..digits {
        let Some(digit) = chars.next_if(char::is_ascii_hexdigit) else {
            break;
        };
        number = number * 16 + digit.to_digit(16)?;
    }
    char::from_u32(number)
}
