//! Durations as the attribute writes them (`"24h"`, `"1m30s"`, `"1500ms"`),
//! parsed and bounded at compile time.

use syn::LitStr;

/// What a knob's duration may be, both ends included, in milliseconds.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    least: u64,
    most: u64,
}

const SECOND: u64 = 1_000;
const HOUR: u64 = 3_600 * SECOND;
const DAY: u64 = 24 * HOUR;

pub(crate) const TTL: Bounds = Bounds {
    least: 1,
    most: 3_650 * DAY,
};
pub(crate) const LEASE: Bounds = Bounds {
    least: 10,
    most: DAY,
};
pub(crate) const WAIT: Bounds = Bounds {
    least: 1,
    most: HOUR,
};
pub(crate) const MAX_KEY_AGE: Bounds = Bounds {
    least: SECOND,
    most: 3_650 * DAY,
};

/// The units, from the longest to the shortest, in milliseconds.
const UNITS: [(&str, u64); 5] = [
    ("d", DAY),
    ("h", HOUR),
    ("m", 60 * SECOND),
    ("s", SECOND),
    ("ms", 1),
];

const FORM: &str = "write whole numbers with a unit each (d, h, m, s, ms), \
                    the longest first, such as \"24h\", \"1m30s\" or \"1500ms\"";

/// The literal's milliseconds, or why they are none; `what` names the knob.
pub(crate) fn parse(what: &str, literal: &LitStr, bounds: Bounds) -> syn::Result<u64> {
    let text = literal.value();
    let refuse = |message: String| Err(syn::Error::new(literal.span(), message));
    let millis = match read(&text) {
        Ok(millis) => millis,
        Err(reason) => {
            return refuse(format!(
                "`{what} = {text:?}` is no duration: {reason}; {FORM}"
            ));
        }
    };
    if millis == 0 {
        return refuse(format!(
            "`{what} = {text:?}` is zero: {}",
            within(bounds, "give it from")
        ));
    }
    if millis < bounds.least || millis > bounds.most {
        let side = if millis < bounds.least {
            "short"
        } else {
            "long"
        };
        return refuse(format!(
            "`{what} = {text:?}` is too {side}: {}",
            within(bounds, "it goes from")
        ));
    }
    Ok(millis)
}

fn within(bounds: Bounds, lead: &str) -> String {
    format!(
        "{lead} \"{}\" to \"{}\"",
        show(bounds.least),
        show(bounds.most)
    )
}

/// The reason says what is wrong; the caller adds what is right.
fn read(text: &str) -> Result<u64, String> {
    if text.is_empty() {
        return Err("it is empty".into());
    }
    let (mut rest, mut total, mut units) = (text, 0_u64, UNITS.as_slice());
    while !rest.is_empty() {
        let (digits, after) = rest.split_at(run(rest, |c| c.is_ascii_digit()));
        if digits.is_empty() {
            return Err(format!("{:?} is not a number", first_char(rest)));
        }
        let (unit, after) = after.split_at(run(after, |c| c.is_ascii_alphabetic()));
        if unit.is_empty() {
            return Err(match first_char(after) {
                "" => format!("{digits} has no unit"),
                "." | "," => "fractions are not read".into(),
                other => format!("{other:?} after {digits} is not a unit"),
            });
        }
        let Some(place) = units.iter().position(|(name, _)| *name == unit) else {
            return Err(unit_problem(unit));
        };
        total = digits
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(units[place].1))
            .and_then(|part| total.checked_add(part))
            .ok_or_else(|| format!("{digits}{unit} is more than can be counted"))?;
        (rest, units) = (after, &units[place + 1..]);
    }
    Ok(total)
}

fn unit_problem(unit: &str) -> String {
    if UNITS.iter().any(|(name, _)| *name == unit) {
        return format!("the unit {unit} comes twice or after a shorter one");
    }
    let meant = match unit.to_ascii_lowercase().as_str() {
        "day" | "days" => "d",
        "hr" | "hrs" | "hour" | "hours" => "h",
        "min" | "mins" | "minute" | "minutes" => "m",
        "sec" | "secs" | "second" | "seconds" => "s",
        "msec" | "millis" | "millisecond" | "milliseconds" => "ms",
        _ => return format!("{unit:?} is not a unit"),
    };
    format!("{unit:?} is written {meant}")
}

fn run(text: &str, accept: impl Fn(char) -> bool) -> usize {
    text.find(|c| !accept(c)).unwrap_or(text.len())
}

fn first_char(text: &str) -> &str {
    &text[..text.chars().next().map_or(0, char::len_utf8)]
}

/// A duration in the form that the attribute reads, by its longest whole unit.
pub(crate) fn show(millis: u64) -> String {
    let whole = UNITS
        .iter()
        .find(|(_, unit)| millis >= *unit && millis.is_multiple_of(*unit));
    let (name, unit) = whole.unwrap_or(&UNITS[UNITS.len() - 1]);
    format!("{}{name}", millis / unit)
}

#[cfg(test)]
#[path = "duration_tests.rs"]
mod tests;
