//! Durations as people write them.

use std::time::Duration;

/// `30s`, `1m30s`, `500ms`, `24h`, `7d`: the longest unit first. `None` for
/// anything else, and for nothing at all.
pub(super) fn parse(text: &str) -> Option<Duration> {
    const UNITS: [(&str, u64); 5] = [
        ("d", 24 * 60 * 60 * 1000),
        ("h", 60 * 60 * 1000),
        ("m", 60 * 1000),
        ("s", 1000),
        ("ms", 1),
    ];
    let (mut rest, mut units) = (text, &UNITS[..]);
    let mut millis: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: u64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let at = units
            .iter()
            .position(|(unit, _)| *unit == &rest[..letters])?;
        millis = millis.checked_add(number.checked_mul(units[at].1)?)?;
        rest = &rest[letters..];
        units = &units[at + 1..];
    }
    (millis > 0).then(|| Duration::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_units_alone_and_together() {
        let millis = |text| parse(text).map(|duration| duration.as_millis());
        assert_eq!(millis("500ms"), Some(500));
        assert_eq!(millis("1m30s"), Some(90_000));
        assert_eq!(millis("1d12h"), Some(129_600_000));
        assert_eq!(millis("2m5ms"), Some(120_005));
    }

    #[test]
    fn refuses_what_could_be_meant_otherwise() {
        for text in [
            "",
            "0s",
            "5",
            "s",
            "5 s",
            "1.5s",
            "30s1m",
            "1s1s",
            "5w",
            "-1s",
            "99999999999999d",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
