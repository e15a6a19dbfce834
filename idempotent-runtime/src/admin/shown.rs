//! Numbers, times and foreign text as people read them.

use std::fmt::Write as _;
use std::time::Duration;

/// A time in the two units that matter: `85 ms`, `1.8 s`, `6 min 12 s`,
/// `3 d 4 h`.
pub(super) fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0 if time.is_zero() => "0 s".to_owned(),
        0 => format!("{} ms", time.as_millis().max(1)),
        1..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        60..3_600 => two(seconds / 60, "min", seconds % 60, "s"),
        3_600..86_400 => two(seconds / 3_600, "h", seconds / 60 % 60, "min"),
        _ => two(seconds / 86_400, "d", seconds / 3_600 % 24, "h"),
    }
}

/// A time that is left, rounded up: what has just begun has all of it.
pub(super) fn left(time: Duration) -> String {
    match time.as_secs() {
        0..10 => span(time),
        seconds => {
            let part = u64::from(time.subsec_nanos() > 0);
            span(Duration::from_secs(seconds.saturating_add(part)))
        }
    }
}

fn two(large: u64, unit: &str, small: u64, part: &str) -> String {
    match small {
        0 => format!("{large} {unit}"),
        _ => format!("{large} {unit} {small} {part}"),
    }
}

/// `1,234,567`.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A rate to about three digits: `1,204`, `37.2`, `0.02`, `0`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // small and positive
pub(super) fn rate(per_second: f64) -> String {
    match per_second {
        ..=0.0 => "0".to_owned(),
        ..0.01 => "<0.01".to_owned(),
        ..1.0 => format!("{per_second:.2}"),
        ..100.0 => format!("{per_second:.1}"),
        _ => count(per_second.round() as u64),
    }
}

/// A part of a whole: `3.1 %`.
#[allow(clippy::cast_precision_loss)] // read to three digits
pub(super) fn percent(part: u64, whole: u64) -> String {
    match whole {
        0 => "–".to_owned(),
        _ => format!("{:.1} %", part as f64 * 100.0 / whole as f64),
    }
}

/// Bytes: `812 B`, `3.4 KiB`.
#[allow(clippy::cast_precision_loss)] // read to three digits
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1_024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}

/// Text from outside. Characters that nobody sees, and those that turn the
/// direction of what follows, are written as `\u{202e}`: what is shown is
/// what is there.
pub(super) fn text(foreign: &str) -> String {
    let mut shown = String::with_capacity(foreign.len());
    for c in foreign.chars() {
        if is_hidden(c) {
            // Writing to a String cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// A sentence with names in it, as findings have them: its parts, and whether
/// each stood between backticks.
pub(super) fn prose(foreign: &str) -> Vec<(String, bool)> {
    let parts = foreign.split('`').enumerate();
    let parts = parts.map(|(at, part)| (text(part), at % 2 == 1));
    parts.filter(|(part, _)| !part.is_empty()).collect()
}

/// The same of a text of lines.
pub(super) fn lines(foreign: &str) -> String {
    let lines: Vec<_> = foreign.lines().map(text).collect();
    lines.join("\n")
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_two_units_at_most() {
        let said = |millis| span(Duration::from_millis(millis));
        assert_eq!(said(0), "0 s");
        assert_eq!(said(85), "85 ms");
        assert_eq!(said(1_830), "1.8 s");
        assert_eq!(said(372_000), "6 min 12 s");
        assert_eq!(said(7_200_000), "2 h");
        assert_eq!(said(273_600_000), "3 d 4 h");
        assert_eq!(left(Duration::from_millis(172_799_998)), "2 d");
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(999), "999");
        assert_eq!(
            (rate(1204.4), rate(37.21), rate(0.021)),
            ("1,204".into(), "37.2".into(), "0.02".into())
        );
        assert_eq!((rate(0.0), rate(0.001)), ("0".into(), "<0.01".into()));
        assert_eq!(percent(31, 1_000), "3.1 %");
        assert_eq!(size(3_500), "3.4 KiB");
    }

    #[test]
    fn what_nobody_sees_is_shown() {
        assert_eq!(text("a\u{202e}b\u{0}ü"), "a\\u{202e}b\\u{0}ü");
        assert_eq!(lines("a\nb\u{200b}"), "a\nb\\u{200b}");
    }

    #[test]
    fn names_are_told_from_the_sentence() {
        let parts = [
            ("Lengthen ".to_owned(), false),
            ("ttl".to_owned(), true),
            (".".to_owned(), false),
        ];
        assert_eq!(prose("Lengthen `ttl`."), parts);
    }
}
